// Tests of recipes: reading them, carrying them out, and the templates to fill in.
#include "keras/recipe.h"

#include <gtest/gtest.h>

#include "keras/recipe_template.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

std::string file_of(const std::string& recipes) {
  return cat(R"({"schema": "wherry.recipe/1", "recipes": [)", recipes, "]}");
}

std::string problem_of(const std::string& recipe) {
  auto recipes = Recipes::parse(file_of(recipe));
  return recipes ? "read" : recipes.error().text();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A layer of a class "Demo>Mix" with an option, two weights, and an input of two numbers.
SavedModel model_of_mix(const std::string& name = "mix") {
  std::string layer = cat(R"({"class_name": "Demo>Mix", "config": {"name": ")", name,
                          R"(", "trainable": true, "dtype": "float32", "width": 3}})");
  return small_model(Dialect::keras2, sequential("[null, 2]", layer),
                     {{cat(name, "/table:0"), {2, 3}, {1, 2, 3, 4, 5, 6}},
                      {cat(name, "/shift:0"), {3}, {10, 20, -30}}});
}

constexpr const char* mix_recipe = R"({
  "class": "Mix", "weights": {"table": "table:0", "shift": "shift:0"},
  "steps": [
    {"name": "mixed", "layer": "Dense", "config": {"units": "$width", "activation": "relu"},
     "weights": ["table", "shift"], "arguments": ["@x"]},
    {"name": "scaled", "layer": "Rescaling", "config": {"scale": 0.5}, "arguments": ["@mixed"]}],
  "output": "@scaled"})";

/// The recipes must outlive what reads them.
struct Options {
  Recipes recipes;
  explicit Options(const std::string& recipe) : recipes(*Recipes::parse(file_of(recipe))) {}
  ImportOptions import() const { return {.recipes = &recipes}; }
};

TEST(Recipe, ReplacesAClassByLayersWithItsOptionsAndWeights) {
  Options options(mix_recipe);
  std::vector<Tensor> results =
      results_of(model_of_mix(), {numbers({1, 2}, {1, 2})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "9.5 16 0");
}

TEST(Recipe, AStepMaySayWhichOfItsWeightsIsWhich) {
  Options options(R"({"class": "Mix", "weights": {"one": "table:0", "two": "shift:0"},
    "steps": [{"name": "y", "layer": "Dense", "config": {"units": 3},
               "weights": {"bias": "two", "kernel": "one"}, "arguments": ["@x"]}]})");
  std::vector<Tensor> results =
      results_of(model_of_mix(), {numbers({1, 2}, {1, 2})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "19 32 -15");
}

TEST(Recipe, FilesOfAnAttackerAreErrors) {
  std::string deep = R"({"class": "Mix", "steps": [{"function": "relu", "arguments": )";
  deep += std::string(100000, '[') + "\"@x\"" + std::string(100000, ']') + "}]}";
  EXPECT_TRUE(mentions(problem_of(deep), "nested more than")) << problem_of(deep);
  EXPECT_TRUE(mentions(problem_of(R"({"class": "Mix", "steps": [
    {"name": "a", "function": "relu", "arguments": ["@b"]},
    {"name": "b", "function": "relu", "arguments": ["@a"]}]})"),
                       "no input, weight or earlier step has this name"));
  Options itself(R"({"class": "Mix", "steps": [
    {"layer": "Mix", "config": {}, "arguments": ["@x"]}]})");
  EXPECT_TRUE(mentions(refusal_of(model_of_mix(), itself.import()), "a layer that is not known"));
  std::string doubling = R"({"class": "Mix", "steps": [{"name": "s0", "function": "concatenate",
    "arguments": [["@x", "@x"]], "options": {"axis": 1}})";
  for (int i = 1; i < 60; ++i)
    doubling += cat(R"(, {"name": "s)", i, R"(", "function": "concatenate", "arguments": [["@s)",
                    i - 1, R"(", "@s)", i - 1, R"("]], "options": {"axis": 1}})");
  Options blown(doubling + "]}");
  EXPECT_TRUE(mentions(refusal_of(model_of_mix(), blown.import()), "is too large"));
}

TEST(Recipe, WeightsByNameAloneAreTheLayersOwn) {
  Options options(R"({"class": "Mix", "weights": ["table", "shift"], "steps": [
    {"layer": "Dense", "config": {"units": 3}, "weights": ["table", "shift"],
     "arguments": ["@x"]}]})");
  std::vector<Tensor> results =
      results_of(model_of_mix(), {numbers({1, 2}, {1, 0})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "11 22 -27");
}

TEST(Recipe, ReplacesOneLayerByItsPath) {
  Options options(R"({"layer": "twice", "steps": [
    {"layer": "Rescaling", "config": {"scale": 2}, "arguments": ["@x"]}]})");
  std::string layers =
      cat(R"({"class_name": "Lambda", "config": {"name": "twice", "trainable": true,
    "dtype": "float32", "function": ["code", null, null]}})");
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 2]", layers));
  std::vector<Tensor> results = results_of(saved, {numbers({1, 2}, {3, 4})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "6 8");
  EXPECT_TRUE(mentions(refusal_of(saved), "holds Python code"));
}

/// A Lambda layer "halves" over four numbers, replaced by these steps.
std::vector<Tensor> results_of_halves(const std::string& steps, const std::string& output) {
  Options options(cat(R"({"layer": "halves", "steps": [)", steps, R"(], "output": )", output, "}"));
  std::string layer = R"({"class_name": "Lambda", "config": {"name": "halves", "trainable": true,
    "dtype": "float32", "function": ["code", null, null]}})";
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 4]", layer));
  return results_of(saved, {numbers({1, 4}, {1, 2, 3, 4})}, options.import());
}

TEST(Recipe, StepsWithSeveralResultsGiveThemAllOrOne) {
  std::string cut = R"({"name": "cut", "function": "split", "arguments": ["@x"],
    "options": {"indices_or_sections": 2, "axis": 1}})";
  std::vector<Tensor> both = results_of_halves(cut, "\"@cut\"");
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(shown(elements_of(both[1])), "3 4");
  std::string swap = R"(, {"name": "y", "function": "concatenate",
    "arguments": [["@cut:1", "@cut:0"]], "options": {"axis": 1}})";
  std::vector<Tensor> swapped = results_of_halves(cut + swap, "\"@y\"");
  ASSERT_EQ(swapped.size(), 1u);
  EXPECT_EQ(shown(elements_of(swapped[0])), "3 4 1 2");
  Options beyond(R"({"class": "Mix", "steps": [{"name": "r", "function": "relu",
    "arguments": ["@x"]}, {"function": "relu", "arguments": ["@r:3"]}]})");
  EXPECT_TRUE(
      mentions(refusal_of(model_of_mix(), beyond.import()), "uses '@r:3', but there are 1"));
}

TEST(Recipe, NumbersByPlaceAreAskedForByName) {
  for (const char* step : {R"("function": "split", "arguments": ["@x", 2])",
                           R"("function": "mean", "arguments": ["@x", [1]])"}) {
    Options options(cat(R"({"class": "Mix", "steps": [{"name": "r", )", step, "}]}"));
    const std::string refusal = refusal_of(model_of_mix(), options.import());
    EXPECT_TRUE(mentions(refusal, R"(give numbers by their names: "options": {"axis": 1})"))
        << refusal;
  }
}

// GoogLeNet's LRN divides alpha by the number of channels it looks at.
TEST(Recipe, ArithmeticOfNumbersGivesOptions) {
  std::string layer = R"({"class_name": "LRN", "config": {"name": "lrn", "trainable": true,
    "alpha": 3.0, "k": 1, "beta": 1.0, "n": 3}})";
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 1, 1, 2]", layer));
  Options options(R"({"class": "LRN", "steps": [
    {"name": "alpha", "function": "divide", "arguments": ["$alpha", "$n"]},
    {"name": "radius", "function": "floor_divide", "arguments": ["$n", 2]},
    {"function": "nn.local_response_normalization", "arguments": ["@x"], "options":
      {"depth_radius": "@radius", "bias": "$k", "alpha": "@alpha", "beta": "$beta"}}]})");
  std::vector<Tensor> results =
      results_of(saved, {numbers({1, 1, 1, 2}, {1, 2})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "0.1667 0.3333");
}

TEST(Recipe, ReplacesActivationFunctions) {
  Options options(R"({"activation": "shifted", "steps": [
    {"name": "moved", "layer": "Rescaling", "config": {"scale": 1, "offset": -1},
     "arguments": ["@x"]},
    {"function": "relu", "arguments": ["@moved"]}]})");
  std::string layer = layer_json("Activation", R"("activation": "Demo>shifted")");
  SavedModel saved = small_model(Dialect::keras3, sequential("[null, 2]", layer));
  std::vector<Tensor> results = results_of(saved, {numbers({1, 2}, {0.5f, 4})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "0 3");
}

TEST(Recipe, ReplacesAWholeModelClass) {
  SavedModel saved =
      small_model(Dialect::keras3,
                  R"({"class_name": "Net", "registered_name": "Demo>Net", "module": "net",
          "config": {"width": 1}, "build_config": {"input_shape": [1, 2]}})");
  EXPECT_TRUE(mentions(refusal_of(saved), "a subclassed model is Python code"));
  Options options(R"({"class": "Net", "inputs": ["picture"], "steps": [
    {"name": "half", "layer": "Rescaling", "config": {"scale": 0.5},
     "arguments": ["@picture"]}]})");
  auto imported = import_model(saved, options.import());
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->model.signatures[0].inputs[0].name, "picture");
  EXPECT_EQ(imported->model.signatures[0].outputs[0].name, "half");
  std::vector<Tensor> results =
      results_of(saved, {numbers({2, 2}, {1, 2, 3, 4})}, options.import());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "0.5 1 1.5 2");
  Options unplaced(R"({"class": "Net", "weights": {"k": "first/kernel"}, "steps": [
    {"function": "relu", "arguments": ["@x"]}]})");
  std::string refused = refusal_of(saved, unplaced.import());
  EXPECT_TRUE(mentions(refused, "'first/kernel', of which there are 0")) << refused;
}

TEST(Recipe, SaysWhatIsWrongWithARecipe) {
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "steps": []})"), "needs \"steps\""));
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "stepz": []})"), "'stepz' means nothing"));
  EXPECT_TRUE(mentions(problem_of(R"({"steps": [1]})"), "for one of a \"class\""));
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "steps": [
    {"function": "relu", "arguments": ["@y"]}]})"),
                       "no input, weight or earlier step has this name"));
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "steps": [
    {"name": "x", "function": "relu", "arguments": ["@x"]}]})"),
                       "have the same name"));
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "steps": [
    {"layer": "Dense", "weights": ["k"], "arguments": ["@x"]}]})"),
                       "no weight of this name"));
  EXPECT_TRUE(mentions(problem_of(R"({"class": "A", "output": "@z", "steps": [
    {"function": "relu", "arguments": ["@x"]}]})"),
                       "the output is no step"));
  EXPECT_FALSE(Recipes::parse(R"({"schema": "wherry.recipe/2", "recipes": []})"));
  EXPECT_FALSE(Recipes::parse("[]"));
  EXPECT_FALSE(Recipes::parse(std::string(2 << 20, ' ')));
}

TEST(Recipe, UnknownLayersOptionsAndFunctionsAreNamedBeforeAnythingIsImported) {
  auto refusal = [](const std::string& step) {
    Options options(cat(R"({"class": "Mix", "steps": [)", step, "]}"));
    return refusal_of(model_of_mix(), options.import());
  };
  EXPECT_TRUE(mentions(refusal(R"({"layer": "Mix", "arguments": ["@x"]})"),
                       "calls a layer that is not known"));
  EXPECT_TRUE(mentions(refusal(R"({"function": "frobnicate", "arguments": ["@x"]})"),
                       "calls a function that is not known"));
  EXPECT_TRUE(mentions(refusal(R"({"layer": "ReLU", "config": {"slop": 1}, "arguments": ["@x"]})"),
                       "'slop' is not supported"));
  EXPECT_TRUE(mentions(
      refusal(R"({"layer": "ReLU", "config": {"max_value": "$most"}, "arguments": ["@x"]})"),
      "uses the option 'most', which the layer has not"));
  EXPECT_TRUE(
      mentions(refusal(R"({"layer": "Dense", "config": {"units": 3}, "arguments": ["@x"]})"),
               "in step 'step_1' of the recipe for class 'Mix'"));
}

TEST(Recipe, ItsStepsCannotCallRecipesAgain) {
  Options options(R"({"class": "Mix", "steps": [{"layer": "Mix", "arguments": ["@x"]}]})");
  EXPECT_TRUE(mentions(refusal_of(model_of_mix(), options.import()), "not known"));
}

TEST(Recipe, OneThatNothingUsesIsWarnedOf) {
  Options options(R"({"class": "Other", "steps": [{"function": "relu", "arguments": ["@x"]}]})");
  auto imported = import_model(
      small_model(Dialect::keras3, sequential("[null, 2]", layer_json("ReLU"))), options.import());
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->warnings.size(), 1u);
  EXPECT_TRUE(mentions(imported->warnings[0], "the recipe for class 'Other' was not used"));
}

TEST(RecipeTemplate, WorksOnceItIsFilledIn) {
  SavedModel saved = model_of_mix("gains");
  auto text = recipe_template(saved);
  ASSERT_TRUE(text);
  EXPECT_TRUE(mentions(*text, R"("class": "Mix")"));
  EXPECT_TRUE(mentions(*text, R"($width = 3)"));
  EXPECT_TRUE(mentions(*text, R"("table": "table:0")"));
  auto unfilled = Recipes::parse(*text);
  ASSERT_TRUE(unfilled);
  EXPECT_TRUE(mentions(refusal_of(saved, {.recipes = &*unfilled}), "FILL_IN_THE_FUNCTION"));
  std::string filled = *text;
  filled.replace(filled.find("FILL_IN_THE_FUNCTION"), 20, "relu");
  auto recipes = Recipes::parse(filled);
  ASSERT_TRUE(recipes);
  std::vector<Tensor> results =
      results_of(saved, {numbers({1, 2}, {-1, 2})}, {.recipes = &*recipes});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(shown(elements_of(results[0])), "0 2");
}

TEST(RecipeTemplate, HasOneRecipeForEachPieceOfPythonCode) {
  std::string layers = cat(layer_json("Demo>Mix"), ", ", layer_json("Lambda"), ", ",
                           layer_json("Dense", R"("units": 1, "activation": "Demo>odd")"));
  auto text = recipe_template(small_model(Dialect::keras2, sequential("[null, 2]", layers)));
  ASSERT_TRUE(text);
  EXPECT_TRUE(mentions(*text, R"("class": "Mix")"));
  EXPECT_TRUE(mentions(*text, R"("layer": "lambda")"));
  EXPECT_TRUE(mentions(*text, R"("activation": "Demo>odd")"));
}

}  // namespace
}  // namespace wherry::keras
