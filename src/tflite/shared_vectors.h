// Writes equal vectors of a FlatBuffer once: many tensors have the same shape or zero points.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wherry::tflite {

class SharedVectors {
 public:
  explicit SharedVectors(flatbuffers::FlatBufferBuilder& builder) : builder_(builder) {}

  /// The place of a vector of these elements, written now or before.
  template <class T>
  flatbuffers::Offset<void> of(const std::vector<T>& elements) {
    std::string bytes(reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(T));
    auto [place, is_new] = written_.try_emplace({sizeof(T), std::move(bytes)}, 0);
    if (is_new) place->second = builder_.CreateVector(elements).o;
    return place->second;
  }

 private:
  flatbuffers::FlatBufferBuilder& builder_;
  /// By the size of an element, which decides how a vector is aligned, and all bytes.
  std::map<std::pair<size_t, std::string>, flatbuffers::Offset<void>> written_;
};

}  // namespace wherry::tflite
