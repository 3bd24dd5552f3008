// IntegerLookup and StringLookup: the number of a word in a vocabulary, or the word of a number.
#include <algorithm>
#include <limits>
#include <numeric>

#include "base/byte_reader.h"
#include "keras/categorical.h"
#include "keras/lookup_table.h"

namespace wherry::keras {
namespace {

enum Variant { integers, texts };

/// Words as the file writes them, and where they begin among the numbers.
struct Vocabulary {
  std::vector<PyValue> words;
  int64_t unknown = 0;  ///< number of the first place for unknown words
  int64_t begin = 0;    ///< number of the first word
  int64_t size() const { return begin + static_cast<int64_t>(words.size()); }
};

Error no_vocabulary(const LayerImport& layer) {
  return layer.unsupported("the file does not hold the layer's vocabulary", {},
                           "save the model as .keras, or make the layer with vocabulary=[...]");
}

/// One word per line, as Keras stores the vocabulary of an adapted layer.
Expected<std::vector<PyValue>> stored_words(LayerImport& layer) {
  SharedBytes file = TRY(layer.state().saved.asset(layer.scope(), "vocabulary.txt"));
  if (file.bytes.empty()) return no_vocabulary(layer);
  std::vector<PyValue> words;
  for (std::string_view line : split(as_text(file.bytes), '\n')) {
    int64_t number = 0;
    if (layer.def().variant == texts)
      words.push_back(PyValue::of(std::string(line)));
    else if (parse_number(line, number))
      words.push_back(PyValue::of(number));
    else
      return layer.unsupported("the stored vocabulary should be whole numbers", quoted(line));
  }
  while (!words.empty() && words.back().is_text() && words.back().text().empty()) words.pop_back();
  return words;
}

/// Keras stores the words of a vocabulary with or without those for masked and unknown ones.
void drop_special_words(const LayerImport& layer, Vocabulary& vocabulary) {
  size_t begin = static_cast<size_t>(vocabulary.begin);
  if (vocabulary.words.size() < begin) return;
  for (size_t i = 0; i < begin; ++i) {
    bool masked = static_cast<int64_t>(i) < vocabulary.unknown;
    if (!(vocabulary.words[i] == layer.option(masked ? "mask_token" : "oov_token"))) return;
  }
  vocabulary.words.erase(vocabulary.words.begin(), vocabulary.words.begin() + vocabulary.begin);
}

Expected<Vocabulary> read_vocabulary(LayerImport& layer) {
  const PyValue written = without_wrappers(layer.option("vocabulary"));
  Vocabulary vocabulary;
  if (written.is_list())
    vocabulary.words = written.items();
  else if (written.is_none())
    vocabulary.words = TRY(stored_words(layer));
  else
    return no_vocabulary(layer);
  bool is_text = layer.def().variant == texts;
  for (const PyValue& word : vocabulary.words) {
    if (is_text ? !word.is_text() : !word.has_integer())
      return layer.unsupported(
          is_text ? "the vocabulary should be texts" : "the vocabulary should be whole numbers",
          word.shown());
  }
  int64_t unknown_places = layer.integer("num_oov_indices");
  ENSURE(unknown_places >= 0 && unknown_places < (1 << 24), "there cannot be ", unknown_places,
         " places for unknown words");
  bool masks = layer.has("mask_token") && layer.text("output_mode") == "int";
  vocabulary.unknown = masks ? 1 : 0;
  vocabulary.begin = vocabulary.unknown + unknown_places;
  drop_special_words(layer, vocabulary);
  return vocabulary;
}

/// All keys and their numbers, that of masked words included.
struct Entries {
  std::vector<PyValue> keys;
  std::vector<int64_t> numbers;
};

Entries entries_of(const LayerImport& layer, const Vocabulary& vocabulary) {
  Entries entries;
  if (layer.has("mask_token")) {  // first: it wins over an equal word
    bool whole = layer.text("output_mode") == "int";
    entries.keys.push_back(layer.option("mask_token"));
    entries.numbers.push_back(whole ? 0 : std::numeric_limits<int32_t>::max());
  }
  int64_t number = vocabulary.begin;
  for (const PyValue& word : vocabulary.words) {
    entries.keys.push_back(word);
    entries.numbers.push_back(number++);
  }
  return entries;
}

int64_t number_of_unknown(const LayerImport& layer, const Vocabulary& vocabulary) {
  return layer.integer("num_oov_indices") == 1 ? vocabulary.unknown : -1;
}

Expected<ValueId> look_up_texts(LayerImport& layer, const Vocabulary& vocabulary) {
  if (layer.integer("num_oov_indices") > 1)
    return layer.unsupported(
        "several places for unknown words need a hash of the text, which no operator computes",
        cat("num_oov_indices=", layer.integer("num_oov_indices")),
        "use num_oov_indices=1, or look the words up before the model");
  Entries entries = entries_of(layer, vocabulary);
  TextTable table{{}, entries.numbers, number_of_unknown(layer, vocabulary)};
  for (const PyValue& key : entries.keys) table.keys.emplace_back(key.text());
  return found_in(layer, layer.input(), table);
}

Expected<ValueId> look_up_numbers(LayerImport& layer, const Vocabulary& vocabulary) {
  int64_t places = layer.integer("num_oov_indices");
  if (places > 1 && layer.has("oov_method") && layer.text("oov_method") != "floormod")
    return layer.unsupported("this hash of unknown words is not computed by any operator",
                             layer.option("oov_method").shown(), "use oov_method='floormod'");
  ValueId x = TRY(layer.cast(layer.input(), DType::i64));
  Entries entries = entries_of(layer, vocabulary);
  NumberTable table{{}, entries.numbers};
  for (const PyValue& key : entries.keys) table.keys.push_back(key.integer());
  if (places > 1) {
    ValueId divisor = TRY(layer.number(static_cast<double>(places), DType::i64));
    table.absent = TRY(layer.plus(TRY(layer.node("FLOOR_MOD", {x, divisor})),
                                  static_cast<double>(vocabulary.unknown)));
  } else {
    double unknown = static_cast<double>(number_of_unknown(layer, vocabulary));
    table.absent = TRY(layer.number(unknown, DType::i64));
  }
  return found_in(layer, x, table);
}

/// Of numbers outside the vocabulary the word for unknown ones.
Expected<ValueId> words_of_numbers(LayerImport& layer, const Vocabulary& vocabulary) {
  const PyValue& unknown = layer.option("oov_token");
  std::vector<PyValue> all(static_cast<size_t>(vocabulary.begin), unknown);
  if (vocabulary.unknown == 1) all[0] = layer.option("mask_token");
  all.insert(all.end(), vocabulary.words.begin(), vocabulary.words.end());
  if (layer.def().variant == texts) {
    std::vector<std::string> words;
    for (const PyValue& word : all) words.emplace_back(word.text());
    return text_of_numbers(layer, layer.input(), words, std::string(unknown.text()));
  }
  ValueId x = TRY(layer.cast(layer.input(), DType::i64));
  NumberTable table;
  table.absent = TRY(layer.number(unknown.real(), DType::i64));
  for (size_t i = 0; i < all.size(); ++i) {
    table.keys.push_back(static_cast<int64_t>(i));
    table.numbers.push_back(all[i].integer());
  }
  return found_in(layer, x, table);
}

/// Weights of words for "tf_idf": those given, in front the mean for unknown words.
Expected<ValueId> word_weights(LayerImport& layer, const Vocabulary& vocabulary, int64_t depth) {
  const PyValue written = without_wrappers(layer.option("idf_weights"));
  std::vector<float> weights;
  for (const PyValue& item : written.items()) weights.push_back(static_cast<float>(item.real()));
  if (weights.empty()) {
    std::vector<const Weight*> stored = layer.scope().own();
    if (stored.size() == 1) weights = TRY(as_floats(*stored[0]));
  }
  if (weights.size() == vocabulary.words.size() && !weights.empty()) {
    float mean =
        std::accumulate(weights.begin(), weights.end(), 0.0f) / static_cast<float>(weights.size());
    weights.insert(weights.begin(), static_cast<size_t>(vocabulary.begin), mean);
  }
  if (weights.empty() || static_cast<int64_t>(weights.size()) > depth)
    return layer.unsupported("the file does not hold one 'tf_idf' weight for each word",
                             cat(weights.size(), " weights"));
  weights.resize(static_cast<size_t>(depth), 0.0f);
  return layer.constant(std::move(weights), Shape{depth}, "idf_weights");
}

Expected<ValueId> as_vectors(LayerImport& layer, ValueId numbers, const Vocabulary& vocabulary) {
  std::string_view mode = layer.text("output_mode");
  bool weighted = mode == "tf_idf" || mode == "tf-idf";
  bool padded = layer.flag("pad_to_max_tokens") && layer.has("max_tokens");
  int64_t depth = padded ? layer.integer("max_tokens") : vocabulary.size();
  DType dtype = layer.dialect() == Dialect::keras3 && !weighted ? DType::i64 : DType::f32;
  ValueId narrow = TRY(layer.cast(numbers, DType::i32));
  ValueId vectors =
      TRY(encoded(layer, narrow, {weighted ? std::string_view("count") : mode, depth, dtype}));
  if (!weighted) return vectors;
  return layer.multiply(vectors, TRY(word_weights(layer, vocabulary, depth)));
}

Expected<Results> import_lookup(LayerImport& layer) {
  if (layer.flag("sparse"))
    return layer.unsupported("the layer gives a sparse tensor, which a .tflite file has not",
                             "sparse=True", "make the layer with sparse=False, then save again");
  Vocabulary vocabulary = TRY(read_vocabulary(layer));
  if (layer.flag("invert")) return TRY(words_of_numbers(layer, vocabulary));
  if (layer.integer("num_oov_indices") == 0)
    layer.state().warn(cat(place_of(layer.origin()),
                           ": Keras stops at a word outside the vocabulary; the converted model "
                           "goes on with -1, or a vector of zeros"));
  ValueId numbers = layer.def().variant == texts ? TRY(look_up_texts(layer, vocabulary))
                                                 : TRY(look_up_numbers(layer, vocabulary));
  if (layer.text("output_mode") == "int") return numbers;
  return TRY(as_vectors(layer, numbers, vocabulary));
}

constexpr FixedList<ConfigKey, 40> lookup_keys = {anything("vocabulary"),
                                                  integer("max_tokens", 0),
                                                  integer("num_oov_indices", 1),
                                                  anything("mask_token"),
                                                  anything("oov_token"),
                                                  text("output_mode", "int"),
                                                  flag("sparse", false),
                                                  flag("pad_to_max_tokens", false),
                                                  flag("invert", false),
                                                  anything("idf_weights"),
                                                  ignored("vocabulary_size"),
                                                  ignored("vocabulary_dtype"),
                                                  ignored("encoding"),
                                                  ignored("has_input_vocabulary"),
                                                  text("oov_method", "floormod"),
                                                  fixed("salt")};

constexpr LayerDef layers[] = {
    {.class_names = {"IntegerLookup"},
     .config = lookup_keys,
     .variant = integers,
     .import = import_lookup,
     .doc = "BUCKETIZE, two GATHER, EQUAL and SELECT_V2; ONE_HOT and a reduction for vectors"},
    {.class_names = {"StringLookup"},
     .config = lookup_keys,
     .variant = texts,
     .import = import_lookup,
     .doc = "HASHTABLE and HASHTABLE_FIND; ONE_HOT and a reduction for vectors"},
};

}  // namespace

LayerTable lookup_layers() { return layer_table(layers); }

}  // namespace wherry::keras
