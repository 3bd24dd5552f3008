// Tests of reading Python's JSON.
#include "keras/reader/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace wherry::keras {
namespace {

TEST(Json, ReadsSpecialNumbersOutsideOfStrings) {
  auto value = parse_json(R"({"a": NaN, "b": [-Infinity, Infinity, -1], "c": "NaN \"NaN\" \\"})");
  ASSERT_TRUE(value);
  EXPECT_TRUE(std::isnan((*value)["a"].get<double>()));
  EXPECT_EQ((*value)["b"][0], -INFINITY);
  EXPECT_EQ((*value)["b"][1], INFINITY);
  EXPECT_EQ((*value)["b"][2], -1);
  EXPECT_EQ((*value)["c"], "NaN \"NaN\" \\");
}

TEST(Json, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[1,]", "{\"a\": nan}", "\"open", "\"\xff\"", "[NaN NaN]"}) {
    auto value = parse_json(text);
    ASSERT_FALSE(value) << text;
    EXPECT_NE(value.error().text().find("not valid JSON"), std::string::npos);
  }
}

TEST(Json, ShowsNoBytesThatAreNoText) {
  auto value = parse_json("\x89HDF\xff");
  ASSERT_FALSE(value);
  for (char letter : value.error().text()) EXPECT_GE(static_cast<signed char>(letter), 0);
}

TEST(Json, RefusesBottomlessNesting) {
  EXPECT_TRUE(parse_json(std::string(150, '[') + std::string(150, ']')));
  auto deep = parse_json(std::string(1000000, '['));
  ASSERT_FALSE(deep);
  EXPECT_NE(deep.error().text().find("nested more than 200 levels"), std::string::npos);
}

}  // namespace
}  // namespace wherry::keras
