// Superblock version 2, object headers version 2, links inside them, contiguous arrays.
#include "cli/hdf5_writer.h"

#include <cstring>

#include "keras/reader/hdf5/checksum.h"

namespace wherry {
namespace {

constexpr size_t superblock_bytes = 48;

template <class T>
std::string number(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

std::string with_checksum(const std::string& bytes) {
  return bytes + number(keras::hdf5::lookup3(std::as_bytes(std::span(bytes))));
}

std::string message(uint8_t type, const std::string& content) {
  return number(type) + number(static_cast<uint16_t>(content.size())) + '\0' + content;
}

std::string object_header(const std::string& messages) {
  // Flags 2: the size of the messages takes four bytes.
  return with_checksum("OHDR\2\2" + number(static_cast<uint32_t>(messages.size())) + messages);
}

std::string dataspace(const std::vector<uint64_t>& extents) {
  std::string bytes = {2, static_cast<char>(extents.size()), 0, extents.empty() ? '\0' : '\1'};
  for (uint64_t extent : extents) bytes += number(extent);
  return bytes;
}

std::string text_type(size_t size) {
  return std::string{0x13, 1, 0, 0} + number(static_cast<uint32_t>(size));
}

/// IEEE, little-endian: where the sign, the exponent and the mantissa stand.
std::string float_type() {
  return std::string{0x11, 0x20, 0x1f, 0} + number(uint32_t{4}) +
         std::string{0, 0, 32, 0, 23, 8, 0, 23} + number(uint32_t{127});
}

std::string attribute(const Hdf5Writer::Attribute& attribute) {
  size_t size = 1;
  for (const std::string& text : attribute.texts) size = std::max(size, text.size());
  std::string name = attribute.name + '\0', type = text_type(size);
  std::string space = attribute.is_list ? dataspace({attribute.texts.size()}) : dataspace({});
  std::string bytes = {3, 0};
  for (const std::string* part : {&name, &type, &space})
    bytes += number(static_cast<uint16_t>(part->size()));
  bytes += '\0' + name + type + space;
  for (const std::string& text : attribute.texts)
    bytes += text + std::string(size - text.size(), '\0');
  return message(0x0c, bytes);
}

std::string link(const Hdf5Writer::Member& member) {
  std::string bytes = {1, 0, static_cast<char>(member.first.size())};
  return message(0x06, bytes + member.first + number(member.second));
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::string& path) : file_(path, std::ios::binary) {
  append(std::string(superblock_bytes, '\0'));
}

uint64_t Hdf5Writer::append(const std::string& bytes) {
  uint64_t address = end_;
  file_ << bytes;
  end_ += bytes.size();
  return address;
}

uint64_t Hdf5Writer::dataset(const std::vector<float>& elements,
                             const std::vector<uint64_t>& extents) {
  uint64_t size = elements.size() * sizeof(float), address = end_;
  file_.write(reinterpret_cast<const char*>(elements.data()), static_cast<std::streamsize>(size));
  end_ += size;
  return append(object_header(message(0x01, dataspace(extents)) + message(0x03, float_type()) +
                              message(0x08, std::string{3, 1} + number(address) + number(size))));
}

uint64_t Hdf5Writer::group(const std::vector<Member>& members,
                           const std::vector<Attribute>& attributes) {
  // No heap of links, no index of links: the links stand here.
  std::string messages = message(0x02, std::string(2, '\0') + std::string(16, '\xff'));
  for (const Attribute& one : attributes) messages += attribute(one);
  for (const Member& member : members) messages += link(member);
  return append(object_header(messages));
}

void Hdf5Writer::finish(uint64_t root) {
  std::string block = "\x89HDF\r\n\x1a\n";
  block += std::string{2, 8, 8, 0} + number(uint64_t{0}) + number(~uint64_t{0}) + number(end_) +
           number(root);
  file_.seekp(0);
  file_ << with_checksum(block);
  file_.close();
}

}  // namespace wherry
