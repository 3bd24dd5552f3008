// Damages saved models at random, with fixed seeds: an error or a model, never a crash.
#include <gtest/gtest.h>

#include "keras/reader/damage_test.h"
#include "keras/reader/load_weights.h"
#include "keras/reader/saved_model.h"

namespace wherry::keras {
namespace {

SharedBytes mapped(const std::string& name) {
  return *map_file(WHERRY_SOURCE_DIR "/tests/data/keras/" + name);
}

Bytes copied(const SharedBytes& file) { return {file.bytes.begin(), file.bytes.end()}; }

size_t touch_weights(const WeightScope& root) {
  size_t numbers = 0;
  for (const Weight* weight : root.all()) {
    if (auto floats = as_floats(*weight)) numbers += floats->size();
  }
  WeightScope inner = root.nested({"backbone", "Sequential", 0}).layer({"conv2d", "Conv2D", 0});
  if (inner.take({"kernel", "bias"})) ++numbers;
  return numbers;
}

size_t touch_model(Bytes bytes) {
  auto model = read_saved_model(share(std::move(bytes)));
  return model ? 1 + touch_weights(model->weights) : 0;
}

TEST(HostileModel, DamagedH5ModelsNeverCrash) {
  for (const char* name : {"nested_2_15.h5", "keras1.h5"}) {
    Bytes whole = copied(mapped(name));
    ASSERT_GT(touch_model(whole), 10u);
    touch_damaged(whole, fuzz_rounds(200), touch_model);
  }
}

TEST(HostileModel, DamagedArchivesNeverCrash) {
  Bytes whole = copied(mapped("nested_3.keras"));
  ASSERT_GT(touch_model(whole), 10u);
  touch_damaged(whole, fuzz_rounds(200), touch_model);
}

TEST(HostileModel, TruncatedModelsAreRefused) {
  for (const char* name : {"nested_2_15.h5", "nested_3.keras"}) {
    Bytes whole = copied(mapped(name));
    for (size_t size = 0; size < whole.size(); size += 61)
      EXPECT_EQ(touch_model(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))), 0u);
  }
}

TEST(HostileModel, DamagedWeightFilesNeverCrash) {
  auto zip = ZipReader::open(mapped("nested_3.keras"));
  Bytes whole = copied(*zip->read(*zip->find("model.weights.h5")));
  touch_damaged(whole, fuzz_rounds(200), [](Bytes bytes) {
    auto file = hdf5::File::open(share(std::move(bytes)));
    if (!file) return;
    stored_bytes(file->root());
    auto tree = load_numbered_weights(file->root());
    if (tree) touch_weights(WeightScope(std::make_shared<const WeightTree>(std::move(*tree))));
  });
}

TEST(HostileModel, DamagedPicklesNeverCrash) {
  for (const char* name : {"npz_of_arrays.keras", "npz_of_variables.keras"}) {
    auto model = ZipReader::open(mapped(name));
    auto weights = ZipReader::open(*model->read(*model->find("model.weights.npz")));
    const ZipEntry& entry = weights->entries().back();
    Bytes whole = copied(*weights->read(entry));
    touch_damaged(whole, fuzz_rounds(300), [&](Bytes bytes) {
      ZipWriter writer;
      ASSERT_TRUE(writer.add(entry.name, bytes));
      auto tree = load_npz_weights(share(writer.finish()));
      if (tree) touch_weights(WeightScope(std::make_shared<const WeightTree>(std::move(*tree))));
    });
  }
}

}  // namespace
}  // namespace wherry::keras
