// Writes HDF5 files of the plainest kind: groups, float arrays, attributes of text.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace wherry {

class Hdf5Writer {
 public:
  struct Attribute {
    std::string name;
    std::vector<std::string> texts;
    bool is_list = false;
  };
  using Member = std::pair<std::string, uint64_t>;  ///< name, address

  explicit Hdf5Writer(const std::string& path);

  /// The address of an array of floats.
  uint64_t dataset(const std::vector<float>& elements, const std::vector<uint64_t>& extents);
  /// The address of a group.
  uint64_t group(const std::vector<Member>& members, const std::vector<Attribute>& attributes);
  /// Writes what comes first in the file; nothing may follow.
  void finish(uint64_t root);

 private:
  uint64_t append(const std::string& bytes);
  std::ofstream file_;
  uint64_t end_ = 0;
};

}  // namespace wherry
