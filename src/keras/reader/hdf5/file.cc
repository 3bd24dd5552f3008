// Opens HDF5 files and walks their groups.
#include "keras/reader/hdf5/file.h"

#include <algorithm>
#include <unordered_map>

#include "keras/reader/hdf5/global_heap.h"

namespace wherry::keras::hdf5 {

struct StoredObject {
  uint64_t address = 0;
  std::vector<Message> messages;
  std::vector<Link> links;
  std::vector<Attribute> attributes;
};

struct State {
  Source source;
  GlobalHeap strings;
  std::unordered_map<uint64_t, std::unique_ptr<const StoredObject>> objects;  // by address
};

namespace {

constexpr int most_hops = 16;

Expected<std::string> text_of(State& state, const Datatype& type, std::span<const std::byte> data) {
  std::string_view text;
  if (type.kind == Datatype::Kind::variable_text) {
    text = TRY(state.strings.text(state.source, data));
  } else {
    text = as_text(data);
    text = text.substr(0, text.find('\0'));
    while (type.padded_with_spaces && text.ends_with(' ')) text.remove_suffix(1);
  }
  TRY(state.source.allow_allocation(text.size()));
  return std::string(text);
}

template <class T>
const T* named(const std::vector<T>& sorted, std::string_view name) {
  auto at =
      std::lower_bound(sorted.begin(), sorted.end(), name,
                       [](const T& item, std::string_view wanted) { return item.name < wanted; });
  return at != sorted.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

Expected<File> File::open(SharedBytes bytes, Checksums checksums) {
  auto state =
      std::make_shared<State>(State{TRY(Source::open(std::move(bytes), checksums)), {}, {}});
  uint64_t root = state->source.root();
  return File(TRY(object(state, root)));
}

Expected<Object> File::object(const std::shared_ptr<State>& state, uint64_t address) {
  if (auto known = state->objects.find(address); known != state->objects.end())
    return Object(state, known->second.get());
  auto stored = std::make_unique<StoredObject>();
  stored->address = address;
  stored->messages = TRY(read_object_header(state->source, address));
  stored->links = TRY(read_links(state->source, stored->messages));
  stored->attributes = TRY(read_attributes(state->source, stored->messages));
  auto place = state->objects.emplace(address, std::move(stored)).first;
  return Object(state, place->second.get());
}

bool Object::is_dataset() const {
  return find_message(stored_->messages, MessageType::layout) != nullptr;
}

uint64_t Object::address() const { return stored_->address; }
const std::vector<Link>& Object::links() const { return stored_->links; }

const std::vector<Attribute>& Object::attributes() const { return stored_->attributes; }

const Attribute* Object::attribute(std::string_view name) const {
  return named(stored_->attributes, name);
}

Expected<std::optional<Object>> Object::member(std::string_view name) const {
  return member(name, most_hops);
}

Expected<std::optional<Object>> Object::member(std::string_view name, int hops) const {
  const Link* link = named(stored_->links, name);
  if (!link) return std::optional<Object>{};
  if (link->kind == Link::Kind::hard)
    return std::optional<Object>(TRY(File::object(state_, link->address)));
  ENSURE_CODE(ErrorCode::unsupported, link->kind == Link::Kind::soft, "the HDF5 file keeps ",
              quoted(name), " in another file, ", quoted(link->target), ", which is not followed");
  if (hops == 0) return damaged(cat("the links at ", quoted(name), " lead in circles"));
  std::string_view target = link->target;
  if (!target.starts_with('/')) return find(target, hops - 1);
  Object root = TRY(File::object(state_, state_->source.root()));
  return root.find(target, hops - 1);
}

Expected<std::optional<Object>> Object::find(std::string_view path) const {
  return find(path, most_hops);
}

Expected<std::optional<Object>> Object::find(std::string_view path, int hops) const {
  std::optional<Object> at = *this;
  for (std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    at = TRY(at->member(part, hops));
    if (!at) break;
  }
  return at;
}

Expected<std::vector<std::string>> Object::texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Attribute* found = attribute(name);
  if (!found) return texts;
  const Datatype& type = found->type;
  bool text = type.kind == Datatype::Kind::text || type.kind == Datatype::Kind::variable_text;
  // h5py writes an empty list as an empty array of numbers.
  if (found->data.empty()) return texts;
  ENSURE_CODE(ErrorCode::malformed, text, "attribute ", quoted(name),
              " should be text, but its type is ", type.name);
  for (size_t at = 0; at + type.size <= found->data.size(); at += type.size)
    texts.push_back(TRY(text_of(*state_, type, found->data.subspan(at, type.size))));
  return texts;
}

Expected<std::string> Object::text(std::string_view name) const {
  std::vector<std::string> all = TRY(texts(name));
  return all.empty() ? std::string() : std::move(all.front());
}

Expected<Dataset> Object::dataset() const {
  return read_dataset(state_->source, stored_->messages);
}

}  // namespace wherry::keras::hdf5
