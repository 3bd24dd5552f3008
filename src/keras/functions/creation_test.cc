// Functions that copy, convert and measure tensors.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed row{{1, 2}, {-1, 2}};

TEST(Creation, ChecksAndPrintsLeaveTheTensor) {
  for (const char* function :
       {"debugging.check_numerics", "debugging.assert_all_finite", "keras.backend.print_tensor"})
    expect_result(run(Older{function, R"(["x0", 0, 0, {"message": "a"}])"}, {row}), {1, 2},
                  {-1, 2});
  Fed whole{{1, 2}, {3, 4}, DType::i32};
  expect_result(run(Older{"keras.backend.cast_to_floatx", R"(["x0", 0, 0, {}])"}, {whole}), {1, 2},
                {3, 4});
}

TEST(Creation, SparseTensorsAreDenseAlready) {
  expect_result(run(Older{"sparse.to_dense", R"(["x0", 0, 0, {"default_value": 0}])"}, {row}),
                {1, 2}, {-1, 2});
  EXPECT_NE(problem(run(Older{"sparse.to_dense", R"(["x0", 0, 0, {"default_value": 7}])"}, {row}))
                .find("default_value"),
            std::string::npos);
}

TEST(Creation, ShapesOfSeveralTensors) {
  Older function{"shape_n", R"([["x0", 0, 0, {}], ["x1", 0, 0, {}]])", 2};
  Outputs shapes = run(function, {row, {{1, 3, 2}, {1, 2, 3, 4, 5, 6}}});
  expect_result(shapes, {2}, {1, 2});
  expect_result(shapes, {3}, {1, 3, 2}, 1);
}

TEST(Trigonometry, AnglesOfRealNumbers) {
  expect_result(run(Newer{"Angle", "{}", R"(["$x0"])"}, {row}), {1, 2}, {3.14159265359, 0});
}

}  // namespace
}  // namespace wherry::keras::test
