// Builds small .tflite files by hand, right or wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wherry::hostile {

/// A file of one RELU between two tensors; the members are what a test spoils.
struct FileParts {
  uint32_t version = 3;  ///< of the format
  int32_t code = 19;
  uint32_t code_index = 0;
  std::vector<int32_t> shape = {2};
  int8_t type = 0;
  uint32_t input_buffer = 0;
  std::vector<int32_t> node_inputs = {0}, node_outputs = {1}, inputs = {0}, outputs = {1};
  uint64_t buffer_offset = 0, buffer_size = 0;
  std::vector<float> scales;
  std::vector<int64_t> zero_points;
  int32_t axis = 0;  ///< of the scales
  struct Details {
    uint8_t kind = 0;
    std::vector<uint8_t> custom;
    int32_t scales = 0, zero_points = -1, block_size = 1;  ///< of kinds 2 and 3
    std::vector<int32_t> axes;
  };
  Details details;
  int graphs = 1;
  int copies_of_data = 1;  ///< buffers that share one vector of bytes
  std::vector<uint8_t> data;
  std::vector<std::string> groups;  ///< names of other files with weights
  struct External {
    uint32_t id = 1, group = 0;
    uint64_t offset = 0, length = 0;
    std::string packing;
  };
  std::vector<External> externals;
  uint32_t external = 0;  ///< number of the external buffer of tensor 0
};

std::vector<std::byte> file_of(const FileParts& parts);

}  // namespace wherry::hostile
