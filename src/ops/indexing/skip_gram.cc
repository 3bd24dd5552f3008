// SKIP_GRAM: the word sequences of a sentence, with gaps.
#include "ops/indexing/skip_gram.h"

#include "ops/context.h"
#include "ops/environment.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field skip_gram_fields[] = {
    field<&SkipGram::ngram_size>("ngram_size", 0),
    field<&SkipGram::max_skip_size>("max_skip_size", 1),
    field<&SkipGram::include_all_ngrams>("include_all_ngrams", 2)};

Status infer_skip_gram(InferContext& context) {
  const auto& attributes = context.attributes<SkipGram>();
  ENSURE(attributes.ngram_size >= 1 && attributes.max_skip_size >= 0,
         "SKIP_GRAM cannot make sequences of ", attributes.ngram_size, " words with gaps of ",
         attributes.max_skip_size);
  ENSURE(context.shape(0).elements() == 1, "SKIP_GRAM takes one sentence, got the shape ",
         context.shape(0));
  context.set_output_unknown(0, DType::string);
  return {};
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// As the runtime splits: the first character never ends a word, and a piece that begins with a
/// space is dropped unless it is the last.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (!is_space(text[i])) continue;
    if (i > begin && !is_space(text[begin])) words.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  if (begin < text.size()) words.push_back(text.substr(begin));
  return words;
}

/// Walks the sequences depth first; a sequence follows the longer ones that begin with it.
class Sequences {
 public:
  Sequences(Call& call, std::vector<std::string_view> words)
      : call_(call), attributes_(call.attributes<SkipGram>()), words_(std::move(words)) {}

  Expected<std::vector<std::string>> run() {
    size_t longest = static_cast<size_t>(attributes_.ngram_size);
    if (words_.size() < longest) return std::vector<std::string>();
    std::vector<size_t> chosen = {0}, next = {1};
    while (true) {
      TRY(call_.environment().spend_step());
      bool deeper = chosen.size() < longest && next.back() < words_.size() &&
                    next.back() - chosen.back() <= gap() + 1;
      if (deeper) {
        chosen.push_back(next.back()++);
        next.push_back(chosen.back() + 1);
        continue;
      }
      if (attributes_.include_all_ngrams || chosen.size() == longest) TRY(add(chosen));
      next.pop_back();
      if (chosen.size() > 1) {
        chosen.pop_back();
        continue;
      }
      if (++chosen[0] == words_.size()) return std::move(found_);
      next.push_back(chosen[0] + 1);
    }
  }

 private:
  size_t gap() const { return static_cast<size_t>(attributes_.max_skip_size); }

  Status add(const std::vector<size_t>& chosen) {
    std::string text;
    for (size_t word : chosen) {
      if (!text.empty()) text += ' ';
      text += words_[word];
    }
    bytes_ += text.size() + sizeof(int32_t);
    ENSURE_CODE(ErrorCode::too_large, bytes_ < INT32_MAX / 2,
                "SKIP_GRAM gives more text than a string tensor can hold");
    found_.push_back(std::move(text));
    return {};
  }

  Call& call_;
  const SkipGram& attributes_;
  std::vector<std::string_view> words_;
  std::vector<std::string> found_;
  size_t bytes_ = 0;
};

Status reference(Call& call) {
  std::vector<std::string_view> sentence = TRY(strings_of(call.input(0)));
  std::vector<std::string> found = TRY(Sequences(call, words_of(sentence[0])).run());
  std::vector<std::byte> bytes = string_bytes(found);
  return call.set_bytes(0, {static_cast<int64_t>(found.size())}, bytes);
}

}  // namespace

constinit const AttributesType skip_gram_attributes =
    attributes_type<SkipGram>(skip_gram_fields, 18);

constinit const OpDef skip_gram = {.name = "SKIP_GRAM",
                                   .code = 30,
                                   .attributes = &skip_gram_attributes,
                                   .inputs = {{"text", DType::string}},
                                   .outputs = {{"y", DType::string}},
                                   .versions = {{1, "1.5.0"}},
                                   .infer = infer_skip_gram,
                                   .reference = reference,
                                   .doc = "the word sequences of a sentence, with gaps"};

OpTable skip_gram_ops() { return op_table(skip_gram); }

}  // namespace wherry::op
