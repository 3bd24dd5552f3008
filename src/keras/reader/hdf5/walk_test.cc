// Walks an HDF5 file for tests.
#include "keras/reader/hdf5/walk_test.h"

#include <zlib.h>

#include <cstdio>

namespace wherry::keras::hdf5 {
namespace {

struct Walk {
  int objects_left;
  std::vector<std::string> lines;

  void add(const std::string& path, std::string_view type, const std::string& shape,
           std::span<const std::byte> bytes) {
    char sum[16];
    std::snprintf(sum, sizeof sum, "%08lx",
                  crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    lines.push_back(cat(path, "|", type, "|", shape, "|", bytes.size(), "|", sum));
  }

  void add_values(const std::string& path, const Datatype& type, const Dataspace& space,
                  std::span<const std::byte> bytes) {
    if (space.is_null) return add(path, "none", "none", {});
    bool number = type.kind == Datatype::Kind::number;
    add(path, number ? name_of(type.dtype) : type.name, cat(space.extents), bytes);
  }

  void add_attribute(const std::string& path, const Object& object, const Attribute& attribute) {
    Datatype::Kind kind = attribute.type.kind;
    if (kind != Datatype::Kind::text && kind != Datatype::Kind::variable_text)
      return add_values(path, attribute.type, attribute.space, attribute.data);
    auto texts = object.texts(attribute.name);
    if (!texts) return lines.push_back(cat(path, "|error|", texts.error().text()));
    std::string all;
    for (const std::string& text : *texts) all += text + "\n";
    add(path, "texts", cat("[", texts->size(), "]"), std::as_bytes(std::span<const char>(all)));
  }

  void add_object(const std::string& path, const Object& object, int depth) {
    for (const Attribute& attribute : object.attributes())
      add_attribute(path + "@" + attribute.name, object, attribute);
    if (object.is_dataset()) {
      auto dataset = object.dataset();
      if (!dataset) return lines.push_back(cat(path, "|error|", dataset.error().text()));
      return add_values(path, dataset->type, dataset->space, dataset->bytes.bytes);
    }
    for (const Link& link : object.links()) {
      if (objects_left-- <= 0 || depth > 8) return;
      std::string inner = path + "/" + link.name;
      auto member = object.member(link.name);
      if (!member) {
        // Python leaves out links that lead nowhere.
        if (link.kind == Link::Kind::hard)
          lines.push_back(cat(inner, "|error|", member.error().text()));
      } else if (*member) {
        add_object(inner, **member, depth + 1);
      }
    }
  }
};

}  // namespace

std::vector<std::string> walk(const File& file, int most_objects) {
  Walk walk{most_objects, {}};
  walk.add_object("", file.root(), 0);
  return std::move(walk.lines);
}

}  // namespace wherry::keras::hdf5
