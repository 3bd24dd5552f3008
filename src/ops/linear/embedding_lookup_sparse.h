// EMBEDDING_LOOKUP_SPARSE: weighted combinations of rows of a table.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

enum class Combiner : int8_t { sum = 0, mean = 1, sqrtn = 2 };

struct EmbeddingLookupSparse {
  Combiner combiner = Combiner::sum;
  bool operator==(const EmbeddingLookupSparse&) const = default;
};
extern const AttributesType embedding_lookup_sparse_attributes;
/// Inputs: ids, indices (the sparse matrix's place of each id), dense shape of that matrix, weights
/// (one per id), table.
extern const OpDef embedding_lookup_sparse;

}  // namespace wherry::op

namespace wherry {
template <>
struct EnumNames<op::Combiner> {
  static constexpr std::string_view names[] = {"sum", "mean", "sqrtn"};
};
}  // namespace wherry
