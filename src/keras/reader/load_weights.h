// Fills a WeightTree from the ways in which Keras stores weights.
#pragma once

#include "keras/reader/hdf5/file.h"
#include "keras/reader/weights.h"

namespace wherry::keras {

/// The groups and named weights of an .h5 file; `root` is its group "model_weights".
Expected<WeightTree> load_named_weights(const hdf5::Object& root);
/// The attributes and numbered weights of the "model.weights.h5" in a .keras file.
Expected<WeightTree> load_numbered_weights(const hdf5::Object& root);
/// The same from a "model.weights.npz".
Expected<WeightTree> load_npz_weights(SharedBytes archive);

/// The strings of an attribute that Keras splits into name0, name1, ... when it is large.
Expected<std::vector<std::string>> split_texts(const hdf5::Object& object, std::string_view name);
/// Bytes of all data below an object, each counted once: for what is reported, not used.
uint64_t stored_bytes(const hdf5::Object& object);

/// Numbers all weights below `tree.root`, gives groups their paths, and sums up.
void finish_tree(WeightTree& tree);
/// True for the state of a random generator, which inference does not need.
bool is_generator_state(std::string_view group_or_weight_name);

}  // namespace wherry::keras
