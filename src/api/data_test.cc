// Feeding arrays through the public interface.
#include "wherry/data.h"

#include <gtest/gtest.h>

#include <cstring>

#include "ir/text.h"
#include "ops/registry.h"
#include "tflite/writer.h"

namespace wherry::v1 {
namespace {

constexpr std::string_view sum = R"(graph main(a: f32[?,2], b: f32[?,2]) -> (y) {
  y: f32[?,2] = ADD_N(a, b)
})";

Interpreter interpreter_of(std::string_view text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  auto written = tflite::write(*model);
  EXPECT_TRUE(written) << written.error().text();
  auto interpreter = Interpreter::create(Model::load(written->bytes()));
  EXPECT_TRUE(interpreter) << interpreter.error().text();
  return *interpreter;
}

template <class T>
Array array_of(ElementType type, std::vector<int64_t> shape, const std::vector<T>& elements) {
  Array array{"", type, std::move(shape), std::vector<std::byte>(elements.size() * sizeof(T))};
  std::memcpy(array.bytes.data(), elements.data(), array.bytes.size());
  return array;
}

TEST(Feed, ResizesAllInputsBeforeItFillsAny) {
  Interpreter interpreter = interpreter_of(sum);
  std::map<int, Array> arrays;
  arrays[0] = array_of<float>(ElementType::float32, {2, 2}, {1, 2, 3, 4});
  arrays[1] = array_of<int32_t>(ElementType::int32, {2, 2}, {10, 20, 30, 40});  // converted
  Status fed = feed(interpreter, arrays);
  ASSERT_TRUE(fed) << fed.error().text();
  Status done = interpreter.run();
  ASSERT_TRUE(done) << done.error().text();
  auto y = interpreter.output<float>(0);
  EXPECT_EQ(std::vector<float>(y.begin(), y.end()), (std::vector<float>{11, 22, 33, 44}));
}

TEST(Feed, SaysWhichOperatorShapesDoNotFit) {
  Interpreter interpreter = interpreter_of(sum);
  std::map<int, Array> arrays;
  arrays[0] = array_of<float>(ElementType::float32, {2, 2}, {1, 2, 3, 4});
  arrays[1] = array_of<float>(ElementType::float32, {3, 2}, {1, 2, 3, 4, 5, 6});
  Status fed = feed(interpreter, arrays);
  ASSERT_FALSE(fed);
  EXPECT_NE(fed.error().text().find("ADD_N needs tensors of one type and shape"), std::string::npos)
      << fed.error().text();
}

TEST(Feed, ArraysOfFewerBytesThanTheirShapeSaysAreErrors) {
  Interpreter interpreter = interpreter_of(sum);
  Array array = array_of<int32_t>(ElementType::int32, {2, 2}, {1, 2, 3});
  for (const Status& status : {feed(interpreter, 0, array), write_npz("never.npz", {array})}) {
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text().find("needs 16 bytes, it has 12"), std::string::npos)
        << status.error().text();
  }
  array.shape = {-2, 2};
  EXPECT_FALSE(feed(interpreter, 0, array));
}

}  // namespace
}  // namespace wherry::v1
