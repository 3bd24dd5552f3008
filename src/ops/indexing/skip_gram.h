// SKIP_GRAM: the word sequences of a sentence, with gaps.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct SkipGram {
  int32_t ngram_size = 1;
  int32_t max_skip_size = 0;        ///< words that may be left out between two words of a sequence
  bool include_all_ngrams = false;  ///< also shorter sequences
  bool operator==(const SkipGram&) const = default;
};
extern const AttributesType skip_gram_attributes;
extern const OpDef skip_gram;

}  // namespace wherry::op
