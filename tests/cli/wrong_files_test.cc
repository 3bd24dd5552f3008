// The command line with wrong files: every verb ends with the right code and a message that helps,
// and leaves nothing behind.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "wherry/data.h"

namespace {

using wherry::content_of;
using wherry::new_folder;
using wherry::Outcome;
using wherry::run_wherry;

namespace fs = std::filesystem;

const std::string examples = WHERRY_SOURCE_DIR "/examples/digits/";

/// A folder with good and wrong files, the current one of all commands.
class WrongFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder() = new_folder();
    for (const char* file : {"digits.keras", "digits.h5", "calibration.npz"})
      fs::copy_file(examples + file, folder() / file);
    fs::copy(examples + "test/3", folder() / "pictures");
    fs::create_directory(folder() / "classes");
    fs::copy(examples + "test/3", folder() / "classes/three");
    fs::create_directory(folder() / "empty_folder");
    fs::copy_file(fs::directory_iterator(folder() / "pictures")->path(), folder() / "good.png");
    Outcome made = wherry("convert digits.keras -o good.tflite --format float32");
    ASSERT_EQ(made.code, 0) << made.err;
    for (const char* file :
         {"good.tflite", "digits.keras", "digits.h5", "calibration.npz", "good.png"})
      spoil(file);
    write("empty", "");
    write("text.txt", "some words\n");
    write("nothing.npz", std::string("PK\5\6") + std::string(18, '\0'));
  }
  static void TearDownTestSuite() { fs::remove_all(folder()); }

  static fs::path& folder() {
    static fs::path path;
    return path;
  }
  static void write(const std::string& name, const std::string& content) {
    std::ofstream(folder() / name, std::ios::binary) << content;
  }
  /// Writes a part of the file as cut_NAME, and the whole with some bits turned as flipped_NAME.
  static void spoil(const std::string& name) {
    std::string content = content_of(folder() / name);
    write("cut_" + name, content.substr(0, content.size() * 2 / 5));
    for (size_t i = 60; i < content.size(); i += 97) content[i] ^= 0x55;
    write("flipped_" + name, content);
  }
  static Outcome wherry(const std::string& arguments) { return run_wherry(folder(), arguments); }

  /// Runs it twice, with --json the second time.
  static void expect_error(const std::string& arguments, int code, const std::string& words) {
    SCOPED_TRACE("wherry " + arguments);
    Outcome plain = wherry(arguments);
    EXPECT_EQ(plain.code, code) << plain.err;
    EXPECT_EQ(plain.out, "");
    EXPECT_NE(plain.err.find("error: "), std::string::npos) << plain.err;
    EXPECT_NE(plain.err.find(words), std::string::npos) << plain.err;
    Outcome json = wherry(arguments + " --json");
    EXPECT_EQ(json.code, code) << json.err;
    expect_error_schema(json.out, plain.err);
    for (const auto& entry : fs::directory_iterator(folder())) {
      std::string name = entry.path().filename().string();
      EXPECT_FALSE(name.starts_with("out") || name.ends_with(".tmp")) << name << " is left behind";
    }
  }
  static void expect_error_schema(const std::string& text, const std::string& message) {
    nlohmann::json error = nlohmann::json::parse(text, nullptr, false);
    ASSERT_TRUE(error.is_object()) << text;
    EXPECT_EQ(error.value("schema", ""), "wherry.error/1");
    EXPECT_GE(error.value("code", 0), 100);
    EXPECT_NE(message.find(error.value("message", "none")), std::string::npos) << text;
    for (const char* key : {"where", "received", "advice"})
      EXPECT_TRUE(error.contains(key) && error[key].is_string()) << key << " in " << text;
    EXPECT_NE(error.value("where", "") + error.value("received", "") + error.value("advice", ""),
              "")
        << text;
  }
};

constexpr std::array readers = {"run --input good.png", "inspect", "bench --runs 1",
                                "evaluate --data pictures", "quantize -o out.tflite"};

TEST_F(WrongFiles, EveryVerbRefusesWhatIsNoModel) {
  for (std::string verb : readers) {
    expect_error(verb + " missing.tflite", 3, "check the name and the folder");
    expect_error(verb + " empty", 3, "it is empty");
    expect_error(verb + " text.txt", 3, "this is not a .tflite file");
    expect_error(verb + " empty_folder", 3, "is a folder, not a file");
    expect_error(verb + " cut_good.tflite", 3, "the file is damaged or cut off");
    expect_error(verb + " flipped_good.tflite", 3, "[E02");
    expect_error(verb + " digits.keras", 3, "convert it first: wherry convert");
    expect_error(verb + " digits.h5", 3, "convert it first: wherry convert");
  }
}

TEST_F(WrongFiles, ConvertAndCheckRefuseWhatIsNoKerasModel) {
  for (std::string verb : {"convert -o out.tflite", "check"}) {
    expect_error(verb + " missing.keras", 3, "check the name and the folder");
    expect_error(verb + " empty", 3, "the file is empty");
    expect_error(verb + " text.txt", 3, "neither an .h5 nor a .keras file");
    expect_error(verb + " empty_folder", 3, "it has no 'config.json'");
    expect_error(verb + " cut_digits.keras", 3, "is cut off");
    expect_error(verb + " cut_digits.h5", 3, "it should be");
    expect_error(verb + " flipped_digits.keras", 3, "[E0203]");
    expect_error(verb + " flipped_digits.h5", 3, "[E02");
  }
  expect_error("convert good.tflite -o out.tflite", 3, "this is a .tflite model already");
}

TEST_F(WrongFiles, OutputsThatCannotBeWrittenAreSaidBeforeTheWork) {
  for (std::string verb : {"convert digits.keras", "quantize good.tflite"}) {
    expect_error(verb + " -o no_folder/out.tflite", 3, "make the folder first");
    expect_error(verb + " -o empty_folder", 3, "is a folder, not a file");
    expect_error(verb + " -o /proc/out.tflite", 3, "cannot write '/proc/out.tflite'");
    expect_error(verb + " -o ''", 2, "the name of the output file is empty");
  }
  EXPECT_EQ(wherry("convert digits.keras -o no_folder/out.tflite").err.find("simplify"),
            std::string::npos);
  expect_error("run good.tflite --input good.png --output no_folder/out.npz", 3,
               "make the folder first");
}

TEST_F(WrongFiles, AModelIsNotReplacedByWhatIsMadeOfIt) {
  expect_error("convert digits.keras -o digits.keras", 2, "would replace the model");
  expect_error("quantize good.tflite -o ./good.tflite", 2, "would replace the model");
  EXPECT_EQ(content_of(folder() / "digits.keras"), content_of(examples + "digits.keras"));
}

TEST_F(WrongFiles, CalibrationNeedsData) {
  std::string convert = "convert digits.keras -o out.tflite --format int8";
  expect_error(convert, 2, "add --calibrate");
  expect_error(convert + " --calibrate missing.npz", 3, "cannot open 'missing.npz'");
  expect_error(convert + " --calibrate empty", 3, "'empty' is empty");
  expect_error(convert + " --calibrate empty_folder", 3, "no data found in 'empty_folder'");
  expect_error(convert + " --calibrate nothing.npz", 3, "holds no samples");
  expect_error(convert + " --calibrate cut_calibration.npz", 3, "its end is missing");
  expect_error(convert + " --calibrate flipped_calibration.npz", 3, "zip archive is damaged");
  expect_error(convert + " --calibrate cut_good.png", 3, "the PNG picture cannot be read");
  expect_error(convert + " --calibrate text.txt", 3, "cannot open 'some words'");
  expect_error(convert + " --calibrate good.tflite", 3, "is no .npy, .npz, picture");
}

TEST_F(WrongFiles, InputsAreChecked) {
  std::string run = "run good.tflite --output out.npz";
  expect_error(run, 2, "no data was given for the input 'picture'");
  expect_error(run + " --input nothing.npz", 2, "no data was given for the input 'picture'");
  expect_error(run + " --input pictur=good.png", 2, "did you mean 'picture'?");
  expect_error(run + " --input good.png --input good.png", 2, "is given twice");
  expect_error(run + " --input missing.png", 3, "cannot open 'missing.png'");
  expect_error(run + " --input empty", 3, "'empty' is empty");
  expect_error(run + " --input cut_good.png", 3, "the PNG picture cannot be read");
  expect_error(run + " --input flipped_good.png", 3, "PNG");
  expect_error(run + " --input cut_calibration.npz", 3, "its end is missing");
  expect_error(run + " --input good.png --resize picture=1,2", 3, "no picture of 1 or 3 channels");
  expect_error(run + " --input good.png --resize picture=1,x", 2, "--resize takes NAME=");
  expect_error(run + " --input good.png --resize picture=", 2, "--resize takes NAME=");
  expect_error(run + " --input calibration.npz --resize picture=1,99999,99999,99999", 3, "");
  expect_error(run + " --input good.png --preprocess bogus", 2, "unknown preprocessing");
  expect_error(run + " --input good.png --signature nope", 2, "no signature 'nope'");
}

TEST_F(WrongFiles, LabelsAndDataOfEvaluateAreChecked) {
  expect_error("evaluate good.tflite --data missing", 3, "cannot open 'missing'");
  expect_error("evaluate good.tflite --data nothing.npz", 3, "holds no samples");
  expect_error("evaluate good.tflite --data empty_folder", 3, "no data found");
  expect_error("evaluate good.tflite missing.tflite --data pictures", 3, "missing.tflite");
  expect_error("evaluate good.tflite --data pictures --labels empty_folder", 3, "one class name");
  expect_error("evaluate good.tflite --data classes --labels text.txt", 3, "is not in the labels");
  expect_error("run good.tflite --input good.png --labels missing", 3, "one class name");
}

TEST_F(WrongFiles, CommandsAreChecked) {
  expect_error("nope", 2, "there is no verb 'nope'");
  expect_error("", 2, "the verbs are convert, quantize, run");
  expect_error("run --nope", 2, "wherry run --help");
  expect_error("run good.tflite --inpt x", 2, "did you mean --input?");
  expect_error("inspekt good.tflite", 2, "did you mean inspect?");
  expect_error("inspect good.tflite good.tflite", 2, "one word too many");
  expect_error("bench good.tflite --runs 0", 2, "--runs");
  expect_error("convert digits.keras -o out.tflite --format int7", 2, "int7 not in");
  expect_error("convert digits.keras -o out.tflite --batch 0", 2, "--batch takes");
  expect_error("convert digits.keras -o out.tflite --keep-float '['", 2, "regular expression");
  expect_error("inspect good.tflite --op NOPE", 2, "its operators are ");
}

TEST_F(WrongFiles, OptionsWithoutUseAreRefused) {
  expect_error("inspect good.tflite --threads 2", 2, "there is no option --threads of inspect");
  expect_error("check digits.keras --threads 2", 2, "there is no option --threads of check");
  std::string convert = "convert digits.keras -o out.tflite ";
  expect_error(convert + "--preprocess 0..1", 2, "requires --calibrate");
  expect_error(convert + "--calibration-samples 3", 2, "requires --calibrate");
  expect_error(convert + "--calibrate pictures", 2, "only used by the format int8");
  expect_error(convert + "--per-channel-dense", 2, "for int8 and dynamic");
  expect_error(convert + "--format float32 --keep-float conv", 2, "every layer stays float32");
  expect_error(convert + "--input-type int8", 2, "need the format int8");
  expect_error("quantize good.tflite -o out.tflite --rnn while", 2, "no option --rnn of quantize");
  expect_error("check digits.keras --recipe text.txt --recipe-template", 2, "excludes --recipe");
  wherry::v1::Array numbers{"picture", wherry::v1::ElementType::float32, {1, 8, 8, 1}, {}};
  numbers.bytes.resize(64 * sizeof(float));
  ASSERT_TRUE(wherry::v1::write_npz(folder() / "numbers.npz", {numbers}));
  expect_error("run good.tflite --input numbers.npz --preprocess 0..1", 2, "--preprocess is for");
  expect_error("evaluate good.tflite --data numbers.npz --preprocess 0..1", 2,
               "--preprocess is for");
  expect_error("evaluate good.tflite --data pictures --labels text.txt", 2, "--labels is for");
}

TEST_F(WrongFiles, ADeviceIsWrittenToAndNotReplaced) {
  Outcome outcome = wherry("convert digits.keras -o /dev/null --json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  nlohmann::json report = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << outcome.out;
  ASSERT_TRUE(report["max_error"].is_number()) << "it is compared before it is written";
  EXPECT_GT(report["max_error"], 0.0);
  EXPECT_TRUE(report["warnings"].empty()) << report["warnings"];
}

TEST_F(WrongFiles, AResultThatCannotBePrintedIsAnError) {
  ASSERT_EQ(wherry("convert digits.keras -o printed.tflite").code, 0);
  Outcome outcome = wherry("inspect printed.tflite >/dev/full 2>words.log; (exit $?)");
  EXPECT_EQ(outcome.code, 3);
  const std::string words = content_of(folder() / "words.log");
  EXPECT_NE(words.find("cannot be written to standard output"), std::string::npos) << words;
}

TEST_F(WrongFiles, WhatIsReadIsNotReplaced) {
  ASSERT_EQ(wherry("convert digits.keras -o kept.tflite").code, 0);
  fs::copy_file(folder() / "calibration.npz", folder() / "numbers.npz",
                fs::copy_options::overwrite_existing);
  const std::string run = "run kept.tflite --input numbers.npz --output ";
  expect_error(run + "kept.tflite", 2, "would replace 'kept.tflite', which is read");
  expect_error(run + "./numbers.npz", 2, "would replace 'numbers.npz', which is read");
  expect_error("convert digits.keras -o numbers.npz --format int8 --calibrate numbers.npz", 2,
               "would replace 'numbers.npz', which is read");
  EXPECT_EQ(wherry("inspect kept.tflite").code, 0);
}

TEST_F(WrongFiles, StandardOutputGetsTheModelAndNothingElse) {
  ASSERT_EQ(wherry("convert digits.keras -o whole.tflite").code, 0);
  const std::string whole = content_of(folder() / "whole.tflite");
  for (const char* name : {"-", "/dev/stdout", "stdout.log", "linked_output"}) {
    fs::remove(folder() / "linked_output");
    fs::create_symlink("stdout.log", folder() / "linked_output");
    Outcome outcome = wherry(std::string("convert digits.keras -o ") + name);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out.size(), whole.size()) << name;
    EXPECT_EQ(outcome.out, whole) << name;
    EXPECT_EQ(wherry(std::string("convert digits.keras --json -o ") + name).code, 2) << name;
  }
  EXPECT_TRUE(fs::is_symlink("/dev/stdout"));
  EXPECT_FALSE(fs::exists(folder() / "-"));
}

TEST_F(WrongFiles, ALinkStaysAndItsFileIsReplaced) {
  std::ofstream(folder() / "linked.tflite") << "old";
  fs::create_symlink("linked.tflite", folder() / "link.tflite");
  ASSERT_EQ(wherry("convert digits.keras -o link.tflite").code, 0);
  EXPECT_TRUE(fs::is_symlink(folder() / "link.tflite"));
  EXPECT_GT(fs::file_size(folder() / "linked.tflite"), 1000u);
}

TEST_F(WrongFiles, APipeIsNoModelAndNobodyWaitsForItsWriter) {
  ASSERT_EQ(std::system(("mkfifo '" + (folder() / "silent").string() + "'").c_str()), 0);
  expect_error("run silent", 3, "'silent' is not a regular file");
  expect_error("convert silent -o never.tflite", 3, "'silent' is not a regular file");
}

TEST_F(WrongFiles, TheNextCommandCanBePasted) {
  Outcome outcome = wherry("convert digits.keras -o \"it's two.tflite\"");
  EXPECT_NE(outcome.out.find("wherry run 'it'\\''s two.tflite' --input"), std::string::npos)
      << outcome.out;
  outcome = wherry("convert digits.keras -o -dash.tflite");
  EXPECT_NE(outcome.out.find("wherry run ./-dash.tflite --input"), std::string::npos)
      << outcome.out;
}

TEST_F(WrongFiles, APipeGetsTheWholeModel) {
  std::string convert = "convert digits.keras --format float32 -o ";
  ASSERT_EQ(wherry(convert + "whole.tflite").code, 0);
  uintmax_t size = fs::file_size(folder() / "whole.tflite");
  std::string reader = "cd '" + folder().string() + "' && mkfifo pipe && (cat pipe > piped &)";
  ASSERT_EQ(std::system(reader.c_str()), 0);
  Outcome outcome = wherry(convert + "pipe");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  // The reader ends when the pipe is closed, not at once.
  for (int i = 0; i < 200 && fs::file_size(folder() / "piped") < size; ++i) ::usleep(10000);
  EXPECT_EQ(content_of(folder() / "piped"), content_of(folder() / "whole.tflite"));
}

}  // namespace
