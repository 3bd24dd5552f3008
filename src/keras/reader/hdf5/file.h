// An HDF5 file, read-only: groups, attributes and datasets of untrusted files, without libhdf5.
//
// Read are: superblocks 0 to 3, groups and attributes of all styles, strings of fixed and varying
// length, numbers, datasets of every layout and chunk index with deflate, shuffle and fletcher32.
// Refused with an error that says so are: external links and storage, virtual datasets, other
// filters, shared message heaps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keras/reader/hdf5/attribute.h"
#include "keras/reader/hdf5/dataset.h"
#include "keras/reader/hdf5/link.h"

namespace wherry::keras::hdf5 {

struct State;
struct StoredObject;

/// A group or a dataset of an open file. Copies are cheap and keep the file open.
class Object {
 public:
  bool is_dataset() const;
  /// Where its header is: the same for two names of one object.
  uint64_t address() const;
  /// The members of a group, sorted by name.
  const std::vector<Link>& links() const;
  /// The member with this name, or none. Errors: malformed, unsupported (external links).
  Expected<std::optional<Object>> member(std::string_view name) const;
  /// The object at a path such as "a/b/c", or none.
  Expected<std::optional<Object>> find(std::string_view path) const;
  /// All attributes, sorted by name.
  const std::vector<Attribute>& attributes() const;
  /// The attribute with this name, or null.
  const Attribute* attribute(std::string_view name) const;
  /// The strings in an attribute: one for a scalar, none when there is no such attribute.
  Expected<std::vector<std::string>> texts(std::string_view attribute) const;
  /// The first string in an attribute, or empty.
  Expected<std::string> text(std::string_view attribute) const;
  Expected<Dataset> dataset() const;

 private:
  friend class File;
  Object(std::shared_ptr<State> state, const StoredObject* stored)
      : state_(std::move(state)), stored_(stored) {}
  Expected<std::optional<Object>> member(std::string_view name, int hops) const;
  Expected<std::optional<Object>> find(std::string_view path, int hops) const;

  std::shared_ptr<State> state_;
  const StoredObject* stored_;
};

class File {
 public:
  /// Errors: malformed, unsupported.
  static Expected<File> open(SharedBytes bytes, Checksums checksums = Checksums::verified);
  const Object& root() const { return root_; }

 private:
  friend class Object;
  explicit File(Object root) : root_(std::move(root)) {}
  /// The object whose header is at `address`; each is read once.
  static Expected<Object> object(const std::shared_ptr<State>& state, uint64_t address);
  Object root_;
};

}  // namespace wherry::keras::hdf5
