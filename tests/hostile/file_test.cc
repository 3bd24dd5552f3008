// Hand-made damaged files, one or more for each class of attack on a loader.
#include <gtest/gtest.h>

#include <cstring>

#include "base/mapped_file.h"
#include "hostile/exercise.h"
#include "hostile/file_builder.h"
#include "tflite/reader.h"

namespace wherry {
namespace {

using hostile::file_of;
using hostile::FileParts;

std::string outcome(const FileParts& parts) { return hostile::run_file(file_of(parts), 1); }
void expect_refused(const FileParts& parts, std::string_view words) {
  std::string text = outcome(parts);
  EXPECT_NE(text.find(words), std::string::npos) << "got: " << text;
}

TEST(HostileFile, TheUnspoiledFileRuns) { EXPECT_EQ(outcome({}), ""); }

// Offsets that are not verified.

TEST(HostileFile, EightBytesAreNoModel) {
  std::vector<std::byte> file(8);
  std::memcpy(file.data() + 4, "TFL3", 4);
  EXPECT_NE(hostile::run_file(file, 1), "");
  file[0] = std::byte{0xff};
  EXPECT_NE(hostile::run_file(file, 1), "");
}

TEST(HostileFile, EveryPrefixEndsInAnError) {
  std::vector<std::byte> file = file_of({});
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_NE(hostile::run_file(std::span(file).first(size), 1), "") << size;
}

TEST(HostileFile, EveryWordMayBeAnything) {
  // Each aligned word in turn: the tables, field lists, counts and offsets are all among them.
  for (uint32_t word : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 0xfffffffcu}) {
    for (size_t place = 0; place < file_of({}).size(); place += 4) {
      std::vector<std::byte> file = file_of({});
      std::memcpy(file.data() + place, &word, 4);
      (void)hostile::run_file(file, 1);
    }
  }
}

TEST(HostileFile, NumbersOfTensorsAndOperatorsAreChecked) {
  expect_refused({.node_inputs = {2}}, "tensor index 2 is out of range");
  expect_refused({.node_inputs = {-2}}, "tensor index -2 is out of range");
  expect_refused({.node_outputs = {INT32_MAX}}, "tensor index 2147483647 is out of range");
  expect_refused({.inputs = {-1}}, "tensor index -1 is out of range");
  expect_refused({.outputs = {INT32_MIN}}, "tensor index -2147483648 is out of range");
  expect_refused({.code_index = 1}, "operator code index 1 is out of range");
  expect_refused({.input_buffer = 9}, "names buffer 9 of 2");
  expect_refused({.type = 99}, "unknown element type 99");
  expect_refused({.type = -1}, "unknown element type -1");
}

TEST(HostileFile, BuffersBehindTheFileAreChecked) {
  expect_refused({.buffer_offset = 1u << 20, .buffer_size = 8}, "buffer 1 lies outside the file");
  expect_refused({.buffer_offset = 16, .buffer_size = ~uint64_t{0}},
                 "buffer 1 lies outside the file");
}

// Sizes that overflow.

TEST(HostileFile, ShapesAreChecked) {
  expect_refused({.shape = {INT32_MAX, INT32_MAX, INT32_MAX}}, "overflows");
  expect_refused({.shape = {65536, 65536, 65536}}, "too large");
  expect_refused({.shape = {0, INT32_MAX, INT32_MAX, INT32_MAX}}, "overflows");
  expect_refused({.shape = {INT32_MAX}}, "an input of 2147483647 elements is too large");
}

// Constants without data.

TEST(HostileFile, ConstantsHaveTheBytesTheirTypeNeeds) {
  expect_refused({.input_buffer = 1, .inputs = {}, .data = {1, 2, 3}}, "has 3 bytes");
  expect_refused({.input_buffer = 1, .inputs = {}}, "is read before it is computed");
  EXPECT_EQ(outcome({.input_buffer = 1, .inputs = {}, .data = {0, 0, 128, 63, 0, 0, 0, 0}}), "");
}

TEST(HostileFile, AnUnknownOperatorIsNamed) {
  expect_refused({.code = 200000}, "is not supported");
}

TEST(HostileFile, TheLargerOfBothOperatorCodesCounts) {
  // The older field says 0, which is ADD.
  expect_refused({.code = -5}, "ADD needs input 1");
}

// Aliasing and order.

TEST(HostileFile, ATensorIsNotInputAndOutput) {
  expect_refused({.node_outputs = {0}, .outputs = {0}}, "is both input and output");
  expect_refused({.node_inputs = {1}}, "is read before it is computed");
  expect_refused({.inputs = {0, 0}}, "is listed twice");
  expect_refused({.inputs = {0, 1}}, "is a graph input");
}

// Quantisation that does not fit.

TEST(HostileFile, QuantisationIsChecked) {
  expect_refused({.type = 9, .scales = {1, 1, 1}, .zero_points = {0, 0, 0}},
                 "there are 3 scales along axis 0 of a tensor of shape [2]");
  expect_refused({.type = 9, .scales = {1}, .zero_points = {1000}},
                 "the zero point 1000 does not fit the type i8");
  expect_refused({.type = 9, .scales = {NAN}, .zero_points = {0}}, "is no size of a step");
  EXPECT_EQ(outcome({.type = 9, .scales = {0.5f}, .zero_points = {1}}), "");
  expect_refused({.type = 9, .details = {.kind = 3, .scales = 2}}, "along several axes");
  expect_refused({.type = 9, .details = {.kind = 3, .scales = -1}}, "along several axes");
  expect_refused({.type = 9, .details = {.kind = 3, .zero_points = 9}}, "of their zero points");
  expect_refused({.type = 9, .details = {.kind = 4}}, "details of an unknown kind");
}

// Harmless oddities of files in the wild: none has the field has_rank or a table of options either.

TEST(HostileFile, HarmlessOdditiesRun) {
  EXPECT_EQ(outcome({.version = 2}), "");
  EXPECT_EQ(outcome({.version = 0}), "");
  EXPECT_EQ(outcome({.type = 9, .scales = {0.5f}, .zero_points = {}}), "");
  // Bytes of another program beside the scale.
  EXPECT_EQ(outcome({.type = 9,
                     .scales = {0.5f},
                     .zero_points = {1},
                     .details = {.kind = 1, .custom = {7, 7}}}),
            "");
  // A scale axis where there is nothing to choose.
  EXPECT_EQ(outcome({.type = 9, .scales = {0.5f}, .zero_points = {3}, .axis = 3}), "");
  for (int code : {25, 98, 50, 0x0b})  // SOFTMAX, LEAKY_RELU, LOG_SOFTMAX, L2_NORMALIZATION
    EXPECT_EQ(outcome({.code = code, .shape = {1, 2}}), "") << code;
}

// Small files that ask for much.

TEST(HostileFile, ManyGraphsThatShareTheirPartsStayCheap) {
  FileParts parts;
  parts.graphs = 2000;
  EXPECT_EQ(outcome(parts), "");
}

TEST(HostileFile, ABadlyAlignedBufferIsNotCopiedForEachOfItsNames) {
  FileParts parts{.input_buffer = 1, .inputs = {}};
  parts.data.assign(8, 0);
  parts.copies_of_data = 3;
  std::vector<std::byte> file = file_of(parts);
  // A byte in front moves everything behind it off its alignment.
  for (size_t shift = 1; shift < 8; ++shift) {
    std::vector<std::byte> moved(shift);
    moved.insert(moved.end(), file.begin(), file.end());
    SharedBytes whole = share(std::move(moved));
    auto model = tflite::read({whole.owner, whole.bytes.subspan(shift)});
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_EQ(hostile::run_model(*model, 1), "");
  }
}

}  // namespace
}  // namespace wherry
