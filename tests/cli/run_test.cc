// wherry run with several inputs and several signatures, and what happens when a file or the user
// goes away in the middle.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/command_line.h"
#include "ir/text.h"
#include "ops/registry.h"
#include "tflite/writer.h"
#include "wherry/data.h"

namespace wherry {
namespace {

namespace fs = std::filesystem;
using v1::Array;
using v1::ElementType;

/// Adds a picture, scaled by a number and shifted by a list; "scale" has other inputs.
constexpr std::string_view two_graphs =
    R"(graph main(picture: f32[1,8,8,1], factor: f32[1], shift: f32[?,8]) -> (sum) {
  scaled: f32[1,8,8,1] = MUL(picture, factor)
  sum: f32[1,8,8,8] = ADD(scaled, shift)
}
graph other(left: f32[2], right: i32[2]) -> (product, twice) {
  real: f32[2] = CAST(right)
  product: f32[2] = MUL(left, real)
  twice: i32[2] = ADD(right, right)
})";

Array floats(const char* name, std::vector<int64_t> shape, const std::vector<float>& values) {
  Array array{name, ElementType::float32, std::move(shape), {}};
  auto bytes = std::as_bytes(std::span(values));
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

std::vector<float> floats_of(const std::vector<Array>& arrays, std::string_view name) {
  for (const Array& array : arrays) {
    if (array.name != name) continue;
    std::vector<float> values(array.bytes.size() / sizeof(float));
    std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
    return values;
  }
  ADD_FAILURE() << "there is no " << name;
  return {};
}

/// The window is longer than the one sample that the file states.
constexpr std::string_view open_length = R"(graph main(sound: f32[?,?]) -> (y) {
  s = const i32[4] [1,1,-1,1]
  line: f32[?,1,?,1] = RESHAPE(sound, s)
  y: f32[?,1,?,1] = MAX_POOL_2D(line) {padding=valid, filter_width=4, stride_w=2}
})";

/// One white pixel.
std::string white_bmp() {
  std::string bytes(58, '\0');
  bytes.replace(0, 2, "BM");
  bytes[2] = 58, bytes[10] = 54, bytes[14] = 40, bytes[18] = 1, bytes[22] = 1;
  bytes[26] = 1, bytes[28] = 24;
  bytes.replace(54, 3, "\xff\xff\xff");
  return bytes;
}

class RunCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder() = new_folder();
    auto model = parse_text(two_graphs, find_op_named);
    ASSERT_TRUE(model) << model.error().text();
    model->signatures = {
        {.key = "shade", .inputs = {{"image", 0}, {"by", 1}, {"plus", 2}}, .outputs = {{"y", 4}}},
        {.key = "multiply",
         .graph = 1,
         .inputs = {{"a", 0}, {"b", 1}},
         .outputs = {{"ab", 3}, {"b", 4}}}};
    auto written = tflite::write(*model);
    ASSERT_TRUE(written) << written.error().text();
    ASSERT_TRUE(written->save(folder() / "net.tflite"));
    auto open = parse_text(open_length, find_op_named);
    ASSERT_TRUE(open) << open.error().text();
    ASSERT_TRUE(tflite::write(*open)->save(folder() / "open.tflite"));
    fs::copy_file(WHERRY_SOURCE_DIR "/examples/digits/digits.keras", folder() / "digits.keras");
    fs::path pictures = WHERRY_SOURCE_DIR "/examples/digits/test/3";
    fs::copy_file(fs::directory_iterator(pictures)->path(), folder() / "three.png");
    std::vector<float> ramp = {0, 1, 2, 3, 4, 5, 6, 7};
    save("factor.npz", {floats("anything", {1}, {2})});
    save("shift.npz", {floats("shift", {8}, ramp)});
    save("both.npz", {floats("factor", {1}, {2}), floats("in2", {1, 8}, ramp)});
  }
  static void TearDownTestSuite() { fs::remove_all(folder()); }
  static fs::path& folder() {
    static fs::path path;
    return path;
  }
  static void save(const char* name, const std::vector<Array>& arrays) {
    ASSERT_TRUE(v1::write_npz(folder() / name, arrays));
  }
  static std::vector<Array> results_of(const std::string& arguments) {
    Outcome outcome = run_wherry(folder(), "run net.tflite --output out.npz " + arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    auto arrays = v1::read_arrays(folder() / "out.npz");
    EXPECT_TRUE(arrays) << arrays.error().text();
    fs::remove(folder() / "out.npz");
    return arrays ? *arrays : std::vector<Array>();
  }
  static void expect_refusal(const std::string& arguments, std::string_view words) {
    Outcome outcome = run_wherry(folder(), "run net.tflite " + arguments);
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
  }
};

TEST_F(RunCommand, AnErrorOfAModelWithOpenExtentsNamesTheWayOut) {
  save("one.npz", {floats("sound", {1, 1}, {1})});
  save("six.npz", {floats("sound", {1, 6}, {1, 2, 3, 4, 5, 6})});
  for (const char* arguments : {"run open.tflite --input one.npz", "bench open.tflite --runs 1",
                                "inspect open.tflite --memory"}) {
    Outcome outcome = run_wherry(folder(), arguments);
    EXPECT_EQ(outcome.code, 3) << arguments;
    EXPECT_NE(outcome.err.find("--resize sound=1,N"), std::string::npos) << outcome.err;
  }
  for (const char* arguments : {"run open.tflite --resize sound=1,6 --input six.npz",
                                "bench open.tflite --resize sound=1,6 --runs 1 --seconds 0",
                                "inspect open.tflite --memory --resize sound=1,6"}) {
    Outcome outcome = run_wherry(folder(), arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }
  expect_refusal("--input one.npz --resize picture=1,x,8,1", "--resize takes NAME=");
  EXPECT_EQ(run_wherry(folder(), "bench open.tflite --resize sand=1,6").code, 2);
}

TEST_F(RunCommand, ModelsOfAFixedBatchAreEvaluatedInGroups) {
  const std::string data = WHERRY_SOURCE_DIR "/examples/digits/test";
  for (const char* arguments : {"convert digits.keras -o open_batch.tflite --format float32",
                                "convert digits.keras -o seven.tflite --format float32 --batch 7"})
    ASSERT_EQ(run_wherry(folder(), arguments).code, 0);
  Outcome outcome =
      run_wherry(folder(), "evaluate open_batch.tflite seven.tflite --json --data " + data);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  nlohmann::json results = nlohmann::json::parse(outcome.out)["results"];
  EXPECT_EQ(results[1]["samples"], results[0]["samples"]);
  EXPECT_EQ(results[1]["accuracy"], results[0]["accuracy"]);
  EXPECT_EQ(results[1]["agreement"], 1.0);
}

TEST_F(RunCommand, OnePictureForAFixedBatchIsSaidPlainly) {
  const std::string convert = "convert digits.keras -o nine.tflite --format float32 --batch 9";
  ASSERT_EQ(run_wherry(folder(), convert).code, 0);
  Outcome outcome = run_wherry(folder(), "run nine.tflite --input three.png");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_NE(outcome.err.find("'picture' takes batches of 9, and this model cannot run on 1"),
            std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("give an array of shape [9,8,8,1]"), std::string::npos) << outcome.err;
  outcome = run_wherry(folder(), "bench nine.tflite --resize picture=1,8,8,1 --runs 1");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_NE(outcome.err.find("try: leave --resize out"), std::string::npos) << outcome.err;
}

TEST_F(RunCommand, PixelsBecomeWhatAQuantisedInputHolds) {
  // Input, scale and zero point; what 255 becomes, and what is said of it.
  struct Case {
    const char *scale, *white, *words;
  };
  for (const Case& one : {Case{"0.0078125:128", "1", "pixels become -1..1"},
                          Case{"0.00392157:0", "1", "pixels become 0..1"}, Case{"1:0", "255", ""},
                          Case{"0.02:100", "3.1", "'x' holds -2..3.1 and pixels reach 255"}}) {
    const std::string type = std::string("u8[1,1,1,1]{") + one.scale + "}";
    auto model =
        parse_text("graph main(x: " + type + ") -> (y) {\n  y: f32[1,1,1,1] = DEQUANTIZE(x)\n}",
                   find_op_named);
    ASSERT_TRUE(model) << model.error().text();
    ASSERT_TRUE(tflite::write(*model)->save(folder() / "byte.tflite"));
    std::ofstream(folder() / "white.bmp", std::ios::binary) << white_bmp();
    Outcome outcome = run_wherry(folder(), "run byte.tflite --input white.bmp --json");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    float y = nlohmann::json::parse(outcome.out)["outputs"][0]["values"][0];
    EXPECT_NEAR(y, std::stof(one.white), 0.01f) << one.scale;
    const std::string words = one.words;
    EXPECT_EQ(outcome.err.empty(), words.empty()) << outcome.err;
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
    outcome = run_wherry(folder(), "run byte.tflite --input white.bmp --preprocess none");
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(RunCommand, NumbersFarBeyondAQuantisedInputAreWarnedOf) {
  auto model =
      parse_text("graph main(x: i8[1,2]{0.0078125:0}) -> (y) {\n  y: f32[1,2] = DEQUANTIZE(x)\n}",
                 find_op_named);
  ASSERT_TRUE(model) << model.error().text();
  ASSERT_TRUE(tflite::write(*model)->save(folder() / "small_range.tflite"));
  save("large.npz", {floats("x", {1, 2}, {0, 200})});
  save("near.npz", {floats("x", {1, 2}, {0, 1.2f})});
  Outcome outcome = run_wherry(folder(), "run small_range.tflite --input large.npz");
  EXPECT_NE(outcome.err.find("'x' holds -1..0.9922 and the data reaches over 0..200"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(run_wherry(folder(), "run small_range.tflite --input near.npz").err, "");
}

TEST_F(RunCommand, EachSampleOfABatchHasItsOwnTopClasses) {
  ASSERT_EQ(run_wherry(folder(), "convert digits.keras -o d.tflite --format float32").code, 0);
  fs::copy_file(WHERRY_SOURCE_DIR "/examples/digits/test.npz", folder() / "test.npz");
  Outcome outcome = run_wherry(folder(), "run d.tflite --input test.npz --top 2 --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  nlohmann::json top = nlohmann::json::parse(outcome.out)["outputs"][0]["top"];
  ASSERT_EQ(top.size(), 720u) << "the labels in the file are no input";
  auto arrays = v1::read_arrays(folder() / "test.npz");
  ASSERT_TRUE(arrays) << arrays.error().text();
  const Array& labels = (*arrays)[(*arrays)[0].name == "labels" ? 0 : 1];
  int right = 0;
  for (size_t i = 0; i < 360; ++i) {
    EXPECT_EQ(top[2 * i]["sample"], i);
    right +=
        top[2 * i]["index"] == std::to_integer<int>(labels.bytes[i * labels.bytes.size() / 360]);
  }
  EXPECT_GT(right, 350);
  outcome = run_wherry(folder(), "run d.tflite --input test.npz --top 2");
  EXPECT_NE(outcome.out.find("  sample 9\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("and 350 more samples: --json"), std::string::npos) << outcome.out;
  outcome = run_wherry(folder(), "run d.tflite --input three.png --top 1");
  EXPECT_EQ(outcome.out.find("sample"), std::string::npos) << outcome.out;
}

TEST_F(RunCommand, APictureIsOneOfSeveralInputs) {
  auto plain = results_of(
      "--input picture=three.png --input factor=factor.npz --input "
      "shift=shift.npz");
  auto mixed = results_of("--input both.npz --input picture=three.png --preprocess 0..1");
  std::vector<float> y = floats_of(plain, "y"), scaled = floats_of(mixed, "y");
  ASSERT_EQ(y.size(), 512u);
  ASSERT_EQ(scaled.size(), 512u);
  float largest = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    float shift = static_cast<float>(i % 8), pixel = (y[i] - shift) / 2;
    EXPECT_NEAR(scaled[i], pixel / 255 * 2 + shift, 1e-5f) << i;
    largest = std::max(largest, pixel);
  }
  EXPECT_GT(largest, 100) << "the picture has bright pixels";
}

TEST_F(RunCommand, AnInputKeepsItsDataWhereLaterStepsGiveNone) {
  save("steps.npz", {floats("in1_0", {1}, {1}), floats("in1_1", {1}, {3}),
                     floats("in2_0", {1, 8}, {0, 0, 0, 0, 0, 0, 0, 0})});
  auto results = results_of("--input steps.npz --input picture=three.png");
  std::vector<float> once = floats_of(results, "out0_0"), thrice = floats_of(results, "out0_1");
  ASSERT_EQ(once.size(), 512u);
  for (size_t i = 0; i < once.size(); ++i) EXPECT_EQ(thrice[i], 3 * once[i]);
}

TEST_F(RunCommand, InputsThatAreNotNamedOrNotGivenAreSaid) {
  expect_refusal("--input three.png", "the model has several inputs: 'image', 'by', 'plus'");
  expect_refusal("--input both.npz", "no data was given for the input 'image'");
  expect_refusal("--input both.npz --input factor=factor.npz", "'by' is given twice");
  expect_refusal("--input pictur=three.png", "the inputs are [image, by, plus]");
  expect_refusal("--signature multiply --input image=three.png", "the inputs are [a, b]");
}

TEST_F(RunCommand, EachSignatureHasInputsAndOutputsOfItsOwn) {
  Array whole{"b", ElementType::int32, {2}, {}};
  int32_t numbers[] = {3, -4};
  auto bytes = std::as_bytes(std::span(numbers));
  whole.bytes.assign(bytes.begin(), bytes.end());
  save("ab.npz", {floats("a", {2}, {0.5f, 2}), whole});
  auto product = results_of("--signature multiply --input ab.npz");
  EXPECT_EQ(floats_of(product, "ab"), (std::vector<float>{1.5f, -8}));
  EXPECT_EQ(floats_of(product, "out0"), (std::vector<float>{1.5f, -8}));
  auto named = std::find_if(product.begin(), product.end(),
                            [](const Array& array) { return array.name == "b"; });
  ASSERT_NE(named, product.end());
  int32_t twice[2];
  ASSERT_EQ(named->bytes.size(), sizeof twice);
  std::memcpy(twice, named->bytes.data(), sizeof twice);
  EXPECT_EQ(twice[0], 6);
  EXPECT_EQ(twice[1], -8);

  auto shaded = results_of(
      "--signature shade --input image=three.png --input by=factor.npz "
      "--input plus=shift.npz");
  auto direct = results_of("--input both.npz --input picture=three.png");
  EXPECT_EQ(floats_of(shaded, "y"), floats_of(direct, "y"));
  Outcome json = run_wherry(folder(), "run net.tflite --signature multiply --input ab.npz --json");
  nlohmann::json result = nlohmann::json::parse(json.out, nullptr, false);
  ASSERT_TRUE(result.is_object()) << json.out << json.err;
  EXPECT_EQ(result["outputs"][0]["name"], "ab");
  EXPECT_EQ(result["outputs"][1]["type"], "int32");
}

TEST_F(RunCommand, ExplainsItsPlanAsJsonToo) {
  Outcome json = run_wherry(
      folder(), "run net.tflite --input both.npz --input picture=three.png --explain --json");
  nlohmann::json result = nlohmann::json::parse(json.out, nullptr, false);
  ASSERT_TRUE(result.is_object()) << json.out << json.err;
  ASSERT_EQ(result["plan"].size(), 2u) << result["plan"];
  EXPECT_EQ(result["plan"][0]["op"], "MUL");
}

/// The program, started with its output in files of the folder, by itself.
pid_t start(const fs::path& folder, const std::vector<std::string>& words) {
  std::fflush(nullptr);  // else the child writes it once more
  pid_t child = ::fork();
  if (child != 0) return child;
  std::vector<char*> arguments = {const_cast<char*>(WHERRY_BINARY)};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  bool ready = ::chdir(folder.c_str()) == 0 && std::freopen("stdout.log", "w", stdout) &&
               std::freopen("stderr.log", "w", stderr);
  ::signal(SIGINT, SIG_DFL);  // programs in the background start with it ignored
  if (ready) ::execv(WHERRY_BINARY, arguments.data());
  ::_exit(127);
}

/// Waits until the process has the file mapped, for ten seconds at most.
bool maps(pid_t child, std::string_view file) {
  for (int i = 0; i < 1000; ++i) {
    if (content_of("/proc/" + std::to_string(child) + "/maps").find(file) != std::string::npos)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

int code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(RunCommand, PeakMemoryIsNotThatOfTheProgramAround) {
  if (!fs::exists("/proc/self/status")) GTEST_SKIP() << "this system does not tell them apart";
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer keeps more memory than the ballast";
#endif
  const std::vector<char> ballast(size_t{200} << 20, 1);
  pid_t child = start(folder(), {"convert", "digits.keras", "-o", "small.tflite", "--json"});
  ASSERT_EQ(code_of(child), 0) << content_of(folder() / "stderr.log");
  nlohmann::json report = nlohmann::json::parse(content_of(folder() / "stdout.log"));
  EXPECT_GT(report["peak_bytes"], 1 << 20);
  EXPECT_LT(report["peak_bytes"], ballast.size());
}

class Interrupted : public RunCommand {
 protected:
  void SetUp() override {
    if (!fs::exists("/proc/self/maps")) GTEST_SKIP() << "this system does not tell what is mapped";
    Outcome made = run_wherry(folder(), "convert digits.keras -o digits.tflite --format float32");
    ASSERT_EQ(made.code, 0) << made.err;
  }
  /// It would compute for an hour.
  static pid_t start_bench() {
    return start(folder(), {"bench", "digits.tflite", "--seconds", "3600", "--kernels", "reference",
                            "--json"});
  }
};

TEST_F(Interrupted, AFileThatBecomesShorterIsAnErrorThatNamesIt) {
  pid_t child = start_bench();
  ASSERT_TRUE(maps(child, "digits.tflite"));
  fs::resize_file(folder() / "digits.tflite", 0);
  EXPECT_EQ(code_of(child), 3);
  std::string words = content_of(folder() / "stderr.log");
  EXPECT_NE(words.find("'digits.tflite' became shorter"), std::string::npos) << words;
  nlohmann::json error = nlohmann::json::parse(content_of(folder() / "stdout.log"), nullptr, false);
  ASSERT_TRUE(error.is_object());
  EXPECT_EQ(error["schema"], "wherry.error/1");
  EXPECT_EQ(error["code"], 201);
}

TEST_F(Interrupted, AnInterruptEndsWith130) {
  pid_t child = start_bench();
  ASSERT_TRUE(maps(child, "digits.tflite"));
  ::kill(child, SIGINT);
  EXPECT_EQ(code_of(child), 130);
}

}  // namespace
}  // namespace wherry
