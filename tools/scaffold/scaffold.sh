#!/usr/bin/env bash
# Writes the skeleton files of a new operator, pass or Keras layer, each complete enough to build and pass its test.
set -eu
usage="usage: scaffold.sh op SUBJECT/NAME | pass NAME | layer NAME   [--root FOLDER]
  op        src/ops/SUBJECT/NAME.h .cc _test.cc: an operator that copies its input
  pass      src/passes/NAME.cc .ir: a rewrite that drops a RELU behind a RELU
  layer     src/keras/layers/NAME.cc: a layer that scales its input
  NAME in small letters with '_'; what is there already is not touched"

fail() { echo "scaffold: $1" >&2; exit 2; }

kind=${1:-} path=${2:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
[ "${3:-}" = --root ] && root=${4:?"$usage"}
[ -n "$kind" ] && [ -n "$path" ] || fail "$usage"
name=${path##*/}
[[ "$path" =~ ^([a-z_0-9]+/)?[a-z][a-z_0-9]*$ ]] || fail "'$path' is no name in small letters"
upper=${name^^}
camel=$(sed -E 's/(^|_)([a-z0-9])/\U\2/g' <<<"$name")

# put FILE: writes standard input to a new file below the root.
put() {
  [ ! -e "$root/$1" ] || fail "$1 is there already"
  mkdir -p "$(dirname "$root/$1")"
  cat >"$root/$1"
  echo "wrote $1"
}

write_op() {
  [[ "$path" == */* ]] || fail "an operator needs a subject: op activation/$name"
  put "src/ops/$path.h" <<END
// $upper: copies its input.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef $name;

}  // namespace wherry::op
END
  put "src/ops/$path.cc" <<END
// $upper: copies its input.
#include "ops/$path.h"

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status reference(Call& call) {
  map_elements<float>(call, [](float x) { return x; });
  return {};
}

}  // namespace

constinit const OpDef $name = {.name = "$upper",
                               .code = custom_code,
                               .inputs = {{"x", one_of(DType::f32)}},
                               .outputs = {{"y", one_of(DType::f32)}},
                               .versions = {{1, ""}},
                               .infer = infer_elementwise,
                               .reference = reference,
                               .doc = "copies its input"};

OpTable ${name}_ops() { return op_table($name); }

}  // namespace wherry::op
END
  put "src/ops/${path}_test.cc" <<END
// Tests of $upper.
#include "ops/$path.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST($camel, CopiesItsInput) {
  expect_output<float>(
      run_op(op::$name, no_options(), {fed<float>({2}, {1, 2})}, {declared(DType::f32)}), {2},
      {1, 2});
}

}  // namespace
}  // namespace wherry
END
  echo "next: docs/adding_an_operator.md"
}

write_pass() {
  put "src/passes/$name.cc" <<END
// Drops a RELU behind a RELU.
//   before:  a = RELU(x)    y = RELU(a)
//   after:   y = RELU(x)
#include "ops/activation/relu.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> rewrite(const PassContext& context, const Node& root) {
  const Node* maker = context.producer(root.inputs[0]);
  if (!maker || maker->op != &op::relu) return std::nullopt;
  if (context.type(root.inputs[0]) != context.type(root.outputs[0])) return std::nullopt;
  Patch patch = context.patch();
  patch.replace(root.outputs[0], root.inputs[0]);
  return patch;
}

}  // namespace

extern const Pass $name;
constinit const Pass $name = {.name = "${name//_/-}",
                              .roots = {&op::relu},
                              .rewrite = rewrite,
                              .doc = "drops a RELU behind a RELU"};

}  // namespace wherry::passes
END
  put "src/passes/$name.ir" <<END
pass ${name//_/-}
before
graph main(x: f32[4]) -> (y) {
  a: f32[4] = RELU(x)
  y: f32[4] = RELU(a)
}
after
graph main(x: f32[4]) -> (y) {
  y: f32[4] = RELU(x)
}
END
  echo "next: docs/adding_a_pass.md"
}

write_layer() {
  put "src/keras/layers/$name.cc" <<END
// $camel: x times a number.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  return TRY(layer.times(TRY(layer.float_input()), layer.real("factor")));
}

constexpr LayerDef $name = {.class_names = {"$camel"},
                            .config = {real("factor", 1)},
                            .mask = MaskRule::passes,
                            .import = import,
                            .doc = "a MUL operator"};

}  // namespace

LayerTable ${name}_layers() { return layer_table($name); }

}  // namespace wherry::keras
END
  echo "next: docs/adding_a_keras_layer.md"
}

case "$kind" in
  op) write_op ;;
  pass) write_pass ;;
  layer) write_layer ;;
  *) fail "$usage" ;;
esac
