// Keeps the list in an array of atomic pointers.
#include "base/live_files.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace wherry {

struct LiveFile::Entry {
  std::string path;
  std::span<const std::byte> bytes;  ///< none: an unfinished file
};

namespace {

/// Pointers to LiveFile::Entry, which is not known here by name.
std::array<std::atomic<const void*>, 256> slots;

/// The first free slot, taken; slots.size() when there is none.
size_t take_slot(const void* entry) {
  for (size_t i = 0; i < slots.size(); ++i) {
    const void* free = nullptr;
    if (slots[i].compare_exchange_strong(free, entry)) return i;
  }
  return slots.size();
}

}  // namespace

LiveFile::LiveFile(std::unique_ptr<const Entry> entry)
    : entry_(std::move(entry)), slot_(take_slot(entry_.get())) {}

LiveFile::LiveFile() = default;

LiveFile::LiveFile(LiveFile&& other) noexcept
    : entry_(std::move(other.entry_)), slot_(other.slot_) {}

LiveFile& LiveFile::operator=(LiveFile&& other) noexcept {
  std::swap(entry_, other.entry_);
  std::swap(slot_, other.slot_);
  return *this;
}

LiveFile::~LiveFile() {
  if (entry_ && slot_ < slots.size()) slots[slot_] = nullptr;
}

LiveFile LiveFile::mapped(std::string path, std::span<const std::byte> bytes) {
  return LiveFile(std::make_unique<const Entry>(Entry{std::move(path), bytes}));
}

LiveFile LiveFile::unfinished(std::string path) {
  return LiveFile(std::make_unique<const Entry>(Entry{std::move(path), {}}));
}

const char* mapped_file_at(const void* address) {
  auto place = reinterpret_cast<uintptr_t>(address);
  for (const auto& slot : slots) {
    auto* entry = static_cast<const LiveFile::Entry*>(slot.load());
    if (!entry) continue;
    uintptr_t first = reinterpret_cast<uintptr_t>(entry->bytes.data());
    if (place >= first && place - first < entry->bytes.size()) return entry->path.c_str();
  }
  return nullptr;
}

void remove_unfinished_files() {
  for (const auto& slot : slots) {
    auto* entry = static_cast<const LiveFile::Entry*>(slot.load());
    if (entry && entry->bytes.empty()) ::unlink(entry->path.c_str());
  }
}

}  // namespace wherry
