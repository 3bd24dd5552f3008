// Tests of arrays, pictures and data sets.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "data/dataset.h"
#include "data/idx.h"
#include "data/image.h"
#include "data/npy.h"

namespace wherry {
namespace {

namespace fs = std::filesystem;

std::vector<std::byte> bytes_of(std::string_view text) {
  auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

/// A 2 x 1 BMP of 24 bits: red, blue.
std::vector<std::byte> small_bmp() {
  std::vector<uint8_t> raw(54 + 8, 0);
  raw[0] = 'B', raw[1] = 'M', raw[10] = 54, raw[14] = 40, raw[18] = 2, raw[22] = 1, raw[26] = 1,
  raw[28] = 24;
  raw[54 + 2] = 255, raw[54 + 3] = 255;
  auto view = std::as_bytes(std::span(raw));
  return {view.begin(), view.end()};
}

/// A folder of this process alone: tests run beside each other.
struct Folder {
  fs::path path = fs::path(testing::TempDir()) / ("wherry_data_test_" + std::to_string(::getpid()));
  Folder() { fs::remove_all(path), fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string put(const std::string& name, std::span<const std::byte> bytes) const {
    fs::create_directories((path / name).parent_path());
    EXPECT_TRUE(write_file((path / name).string(), bytes));
    return (path / name).string();
  }
};

TEST(Npy, WritesAndReadsEveryNumericType) {
  for (DType dtype : {DType::f32, DType::f64, DType::f16, DType::i8, DType::u8, DType::i16,
                      DType::i32, DType::i64, DType::boolean, DType::c64}) {
    auto tensor = Tensor::zeros({dtype, {2, 3}, {}, {}});
    ASSERT_TRUE(tensor);
    tensor->buffer.data()[1] = std::byte{1};
    auto bytes = npy_bytes(tensor->view());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size() % 64, tensor->buffer.size() % 64)
        << "the header ends at a multiple of 64";
    auto again = parse_npy(share(*bytes));
    ASSERT_TRUE(again) << name_of(dtype);
    EXPECT_EQ(again->type, tensor->type);
    EXPECT_EQ(again->buffer.data()[1], std::byte{1});
  }
}

TEST(Npy, ACutFileSaysWhatIsMissing) {
  auto tensor = Tensor::zeros({DType::f32, {4}, {}, {}});
  auto bytes = npy_bytes(tensor->view());
  bytes->resize(bytes->size() - 4);
  auto again = parse_npy(share(*bytes));
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().text().find("needs 16 bytes, it has 12"), std::string::npos)
      << again.error().text();
}

TEST(Npy, AHugeShapeIsAnErrorNotAnAllocation) {
  std::string header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1099511627776), }\n";
  std::string file =
      std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header;
  EXPECT_FALSE(parse_npy(share(bytes_of(file))));
}

TEST(Idx, ReadsBigEndianExtents) {
  std::string file(
      "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"
      "abcdef",
      18);
  auto tensor = parse_idx(bytes_of(file));
  ASSERT_TRUE(tensor) << tensor.error().text();
  EXPECT_EQ(tensor->type.shape, (Shape{2, 3}));
  EXPECT_FALSE(parse_idx(bytes_of(file.substr(0, 15))));
}

TEST(Image, ReadsABmpAndConvertsToGrey) {
  auto image = decode_image(small_bmp());
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_EQ(image->pixels, (std::vector<uint8_t>{255, 0, 0, 0, 0, 255}));
  std::vector<float> grey = resized(*image, 2, 1, 1);
  EXPECT_NEAR(grey[0], 0.299f * 255, 1e-3);
  EXPECT_NEAR(resized(*image, 1, 1, 3)[0], 127.5f, 1e-3);
}

TEST(Image, DamagedPicturesAreErrors) {
  std::vector<std::byte> bmp = small_bmp();
  for (size_t length = 0; length < bmp.size(); ++length)
    EXPECT_FALSE(decode_image(std::span(bmp).first(length)));
  EXPECT_FALSE(decode_image(bytes_of("\xff\xd8\xff\xe0 no picture")));
  EXPECT_FALSE(decode_image(bytes_of("\x89PNG\r\n\x1a\n no picture")));
}

TEST(Preprocess, SuitsInputsThatHoldZeroOrMinusOneToOne) {
  const auto suited = [](DType dtype, float scale, int64_t zero_point) {
    return suited_preprocess({dtype, {1, 2, 2, 3}, {}, Quantization(scale, zero_point)});
  };
  EXPECT_EQ(suited(DType::u8, 1 / 127.5f, 127), "-1..1");
  EXPECT_EQ(suited(DType::i8, 1 / 128.0f, 0), "-1..1");
  EXPECT_EQ(suited(DType::i8, 1 / 255.0f, -128), "0..1");
  EXPECT_EQ(suited(DType::u8, 0.9f / 255, 0), "0..1") << "calibration saw no white";
  EXPECT_EQ(suited(DType::i8, 1, -128), "none");
  EXPECT_EQ(suited(DType::i8, 0.02f, -10), "none");
  EXPECT_EQ(suited(DType::i16, 1 / 32768.0f, 0), "none");
  EXPECT_EQ(suited_preprocess({DType::f32, {1, 2, 2, 3}, {}, {}}), "none");
}

TEST(Dataset, BytesArePixelsWhereTheyAreMoreThanZeroAndOne) {
  Folder folder;
  const InputSpec input = {"x", {DType::i8, {1, 2}, {}, Quantization(1 / 255.0f, -128)}};
  for (uint8_t large : {1, 255}) {
    auto arrays = Tensor::zeros({DType::u8, {1, 2}, {}, {}});
    arrays->view().as<uint8_t>()[1] = large;
    auto bytes = npz_bytes({{"x", arrays->view()}});
    ASSERT_TRUE(bytes) << bytes.error().text();
    folder.put("data.npz", *bytes);
    auto data = Dataset::open((folder.path / "data.npz").string(), *parse_preprocess("auto"));
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ((*data->sample(0, {input}))[0].view().as<int8_t>()[1], 127);
    EXPECT_EQ(data->suited_preprocess(input.type), large > 1 ? "0..1" : "none");
  }
}

TEST(Preprocess, KnowsItsForms) {
  EXPECT_FLOAT_EQ(parse_preprocess("0..1")->apply(255, 0), 1);
  EXPECT_FLOAT_EQ(parse_preprocess("-1..1")->apply(0, 0), -1);
  EXPECT_FLOAT_EQ(parse_preprocess("mean=1,2,3;std=2")->apply(7, 2), 2);
  EXPECT_FALSE(parse_preprocess("0..2"));
  EXPECT_FALSE(parse_preprocess("mean=1;std=0"));
}

TEST(Dataset, SubFoldersAreClassesInSortedOrder) {
  Folder folder;
  folder.put("b/1.bmp", small_bmp());
  folder.put("a/1.bmp", small_bmp());
  folder.put("a/2.bmp", small_bmp());
  auto data = Dataset::open(folder.path.string(), *parse_preprocess("0..1"));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->size(), 3u);
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(data->label(2), 1);
  auto sample =
      data->sample(0, {{"image", {DType::u8, {1, 1, 2, 3}, {}, Quantization(1.0f / 255, 0)}}});
  ASSERT_TRUE(sample) << sample.error().text();
  EXPECT_EQ((*sample)[0].view().as<uint8_t>()[0], 255);
}

TEST(Dataset, ArraysAreMatchedByNameAndCutAlongAxis0) {
  Folder folder;
  float values[] = {1, 2, 3, 4};
  int64_t labels[] = {7, 9};
  Tensor x = Tensor::of<float>({2, 2}, values), y = Tensor::of<int64_t>({2}, labels);
  auto bytes = npz_bytes({{"x", x.view()}, {"labels", y.view()}});
  ASSERT_TRUE(bytes);
  auto data = Dataset::open(folder.put("d.npz", *bytes));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->label(1), 9);
  auto sample = data->sample(1, {{"x", {DType::f32, {1, 2}, {-1, 2}, {}}}});
  ASSERT_TRUE(sample) << sample.error().text();
  EXPECT_EQ((*sample)[0].view().as<float>()[0], 3);
  auto wrong = data->sample(0, {{"x", {DType::f32, {1, 3}, {}, {}}}});
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text().find("'x'"), std::string::npos);
}

TEST(Dataset, AFileOfAnotherKindIsNamed) {
  Folder folder;
  auto data = Dataset::open(folder.put("x.bin", bytes_of(std::string_view("\x01\x02\x03", 3))));
  ASSERT_FALSE(data);
  EXPECT_NE(data.error().text().find("x.bin"), std::string::npos);
}

}  // namespace
}  // namespace wherry
