// Reads nodes of TensorFlow graphs and says which functions they stand for.
#include "keras/functions/node_record.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "keras/reader/json.h"

namespace wherry::keras {
namespace {

constexpr NodeKind kinds[] = {
    {"Abs", "math.abs", "x", ""},
    {"Acos", "math.acos", "x", ""},
    {"Acosh", "math.acosh", "x", ""},
    {"Add", "math.add", "x y", ""},
    {"AddN", "math.add_n", "*inputs", ""},
    {"AddV2", "math.add", "x y", ""},
    {"AdjustContrastv2", "image.adjust_contrast", "images contrast_factor", ""},
    {"All", "math.reduce_all", "input_tensor axis", "keep_dims=keepdims"},
    {"Any", "math.reduce_any", "input_tensor axis", "keep_dims=keepdims"},
    {"ArgMax", "math.argmax", "input axis", "output_type=output_type"},
    {"ArgMin", "math.argmin", "input axis", "output_type=output_type"},
    {"Asin", "math.asin", "x", ""},
    {"Asinh", "math.asinh", "x", ""},
    {"Atan", "math.atan", "x", ""},
    {"Atan2", "math.atan2", "y x", ""},
    {"Atanh", "math.atanh", "x", ""},
    {"AvgPool", "nn.avg_pool2d", "input",
     "ksize=ksize strides=strides padding=padding data_format=data_format"},
    {"AvgPool3D", "nn.avg_pool3d", "input",
     "ksize=ksize strides=strides padding=padding data_format=data_format"},
    {"BatchMatMul", "linalg.matmul", "a b", "adj_x=adjoint_a adj_y=adjoint_b"},
    {"BatchMatMulV2", "linalg.matmul", "a b", "adj_x=adjoint_a adj_y=adjoint_b"},
    {"BatchMatMulV3", "linalg.matmul", "a b", "adj_x=adjoint_a adj_y=adjoint_b"},
    {"BatchToSpaceND", "batch_to_space", "input block_shape crops", ""},
    {"BiasAdd", "nn.bias_add", "value bias", "data_format=data_format"},
    {"BroadcastTo", "broadcast_to", "input shape", ""},
    {"Cast", "cast", "x", "DstT=dtype"},
    {"Ceil", "math.ceil", "x", ""},
    {"ClipByValue", "clip_by_value", "t clip_value_min clip_value_max", ""},
    {"Concat", "concat", "axis *values", ""},
    {"ConcatV2", "concat", "*values axis", ""},
    {"Conv2D", "nn.conv2d", "input filters",
     "strides=strides padding=padding data_format=data_format dilations=dilations"},
    {"Conv2DBackpropInput", "nn.conv2d_transpose", "output_shape filters input",
     "strides=strides padding=padding data_format=data_format dilations=dilations"},
    {"Conv3D", "nn.conv3d", "input filters",
     "strides=strides padding=padding data_format=data_format dilations=dilations"},
    {"Cos", "math.cos", "x", ""},
    {"Cosh", "math.cosh", "x", ""},
    {"Cross", "linalg.cross", "a b", ""},
    {"Cumprod", "math.cumprod", "x axis", "exclusive=exclusive reverse=reverse"},
    {"Cumsum", "math.cumsum", "x axis", "exclusive=exclusive reverse=reverse"},
    {"DepthToSpace", "nn.depth_to_space", "input", "block_size=block_size data_format=data_format"},
    {"DepthwiseConv2dNative", "nn.depthwise_conv2d", "input filter",
     "strides=strides padding=padding data_format=data_format dilations=dilations"},
    {"Div", "math.truediv", "x y", ""},
    {"DivNoNan", "math.divide_no_nan", "x y", ""},
    {"Einsum", "einsum", "*inputs", "equation=equation"},
    {"Elu", "nn.elu", "features", ""},
    {"EnsureShape", "identity", "input", ""},
    {"Equal", "math.equal", "x y", ""},
    {"Erf", "math.erf", "x", ""},
    {"Erfc", "math.erfc", "x", ""},
    {"EuclideanNorm", "math.reduce_euclidean_norm", "input_tensor axis", "keep_dims=keepdims"},
    {"Exp", "math.exp", "x", ""},
    {"ExpandDims", "expand_dims", "input axis", ""},
    {"Expm1", "math.expm1", "x", ""},
    {"ExtractImagePatches", "image.extract_image_patches", "images",
     "ksizes=ksizes strides=strides rates=rates padding=padding"},
    {"Fill", "fill", "dims value", ""},
    {"Floor", "math.floor", "x", ""},
    {"FloorDiv", "math.floordiv", "x y", ""},
    {"FloorMod", "math.floormod", "x y", ""},
    {"FusedBatchNorm", "nn.batch_normalization", "x scale offset mean variance",
     "epsilon=epsilon data_format=data_format is_training=is_training"},
    {"FusedBatchNormV2", "nn.batch_normalization", "x scale offset mean variance",
     "epsilon=epsilon data_format=data_format is_training=is_training"},
    {"FusedBatchNormV3", "nn.batch_normalization", "x scale offset mean variance",
     "epsilon=epsilon data_format=data_format is_training=is_training"},
    {"Gather", "gather", "params indices", ""},
    {"GatherNd", "gather_nd", "params indices", ""},
    {"GatherV2", "gather", "params indices axis", "batch_dims=batch_dims"},
    {"Greater", "math.greater", "x y", ""},
    {"GreaterEqual", "math.greater_equal", "x y", ""},
    {"HSVToRGB", "image.hsv_to_rgb", "images", ""},
    {"Identity", "identity", "input", ""},
    {"IdentityN", "identity_n", "*input", ""},
    {"IsFinite", "math.is_finite", "x", ""},
    {"IsInf", "math.is_inf", "x", ""},
    {"IsNan", "math.is_nan", "x", ""},
    {"L2Loss", "nn.l2_loss", "t", ""},
    {"LRN", "nn.local_response_normalization", "input",
     "depth_radius=depth_radius bias=bias alpha=alpha beta=beta"},
    {"LeakyRelu", "nn.leaky_relu", "features", "alpha=alpha"},
    {"Less", "math.less", "x y", ""},
    {"LessEqual", "math.less_equal", "x y", ""},
    {"LinSpace", "linspace", "start stop num", ""},
    {"Log", "math.log", "x", ""},
    {"Log1p", "math.log1p", "x", ""},
    {"LogSoftmax", "nn.log_softmax", "logits", ""},
    {"LogicalAnd", "math.logical_and", "x y", ""},
    {"LogicalNot", "math.logical_not", "x", ""},
    {"LogicalOr", "math.logical_or", "x y", ""},
    {"MatMul", "linalg.matmul", "a b", "transpose_a=transpose_a transpose_b=transpose_b"},
    {"MatrixBandPart", "linalg.band_part", "input num_lower num_upper", ""},
    {"MatrixDiag", "linalg.diag", "diagonal", ""},
    {"MatrixDiagPart", "linalg.diag_part", "input", ""},
    {"MatrixDiagPartV3", "linalg.diag_part", "input k padding_value", "align=align"},
    {"MatrixDiagV3", "linalg.diag", "diagonal k num_rows num_cols padding_value", "align=align"},
    {"MatrixSetDiag", "linalg.set_diag", "input diagonal", ""},
    {"MatrixSetDiagV3", "linalg.set_diag", "input diagonal k", "align=align"},
    {"Max", "math.reduce_max", "input_tensor axis", "keep_dims=keepdims"},
    {"MaxPool", "nn.max_pool2d", "input",
     "ksize=ksize strides=strides padding=padding data_format=data_format"},
    {"MaxPool3D", "nn.max_pool3d", "input",
     "ksize=ksize strides=strides padding=padding data_format=data_format"},
    {"Maximum", "math.maximum", "x y", ""},
    {"Mean", "math.reduce_mean", "input_tensor axis", "keep_dims=keepdims"},
    {"Min", "math.reduce_min", "input_tensor axis", "keep_dims=keepdims"},
    {"Minimum", "math.minimum", "x y", ""},
    {"MirrorPad", "pad", "tensor paddings", "mode=mode"},
    {"Mul", "math.multiply", "x y", ""},
    {"MulNoNan", "math.multiply_no_nan", "x y", ""},
    {"Neg", "math.negative", "x", ""},
    {"NotEqual", "math.not_equal", "x y", ""},
    {"OneHot", "one_hot", "indices depth on_value off_value", "axis=axis"},
    {"OnesLike", "ones_like", "input", ""},
    {"Pack", "stack", "*values", "axis=axis"},
    {"Pad", "pad", "tensor paddings", ""},
    {"PadV2", "pad", "tensor paddings constant_values", ""},
    {"PlaceholderWithDefault", "identity", "input", ""},
    {"Pow", "math.pow", "x y", ""},
    {"PreventGradient", "identity", "input", ""},
    {"Prod", "math.reduce_prod", "input_tensor axis", "keep_dims=keepdims"},
    {"RFFT", "signal.rfft", "input_tensor fft_length", ""},
    {"RGBToHSV", "image.rgb_to_hsv", "images", ""},
    {"Range", "range", "start limit delta", ""},
    {"Rank", "rank", "input", ""},
    {"RealDiv", "math.truediv", "x y", ""},
    {"Reciprocal", "math.reciprocal", "x", ""},
    {"Relu", "nn.relu", "features", ""},
    {"Relu6", "nn.relu6", "features", ""},
    {"Reshape", "reshape", "tensor shape", ""},
    {"ResizeBicubic", "image.resize_bicubic", "images size",
     "align_corners=align_corners half_pixel_centers=half_pixel_centers"},
    {"ResizeBilinear", "image.resize_bilinear", "images size",
     "align_corners=align_corners half_pixel_centers=half_pixel_centers"},
    {"ResizeNearestNeighbor", "image.resize_nearest_neighbor", "images size",
     "align_corners=align_corners half_pixel_centers=half_pixel_centers"},
    {"ReverseSequence", "reverse_sequence", "input seq_lengths",
     "seq_dim=seq_axis batch_dim=batch_axis"},
    {"ReverseV2", "reverse", "tensor axis", ""},
    {"Rint", "math.rint", "x", ""},
    {"Roll", "roll", "input shift axis", ""},
    {"Round", "math.round", "x", ""},
    {"Rsqrt", "math.rsqrt", "x", ""},
    {"ScatterNd", "scatter_nd", "indices updates shape", ""},
    {"Select", "compat.v1.where", "condition x y", ""},
    {"SelectV2", "where", "condition x y", ""},
    {"Selu", "nn.selu", "features", ""},
    {"Shape", "shape", "input", "out_type=out_type"},
    {"Sigmoid", "math.sigmoid", "x", ""},
    {"Sign", "math.sign", "x", ""},
    {"Sin", "math.sin", "x", ""},
    {"Sinh", "math.sinh", "x", ""},
    {"Size", "size", "input", "out_type=out_type"},
    {"Slice", "slice", "input_ begin size", ""},
    {"Softmax", "nn.softmax", "logits", ""},
    {"SoftmaxCrossEntropyWithLogits", "nn.softmax_cross_entropy_with_logits", "logits labels", ""},
    {"Softplus", "math.softplus", "features", ""},
    {"Softsign", "nn.softsign", "features", ""},
    {"SpaceToBatchND", "space_to_batch_nd", "input block_shape paddings", ""},
    {"SpaceToDepth", "nn.space_to_depth", "input", "block_size=block_size data_format=data_format"},
    {"SparseSoftmaxCrossEntropyWithLogits", "nn.sparse_softmax_cross_entropy_with_logits",
     "logits labels", ""},
    {"Split", "split", "axis value", "num_split=num_or_size_splits"},
    {"SplitV", "split", "value num_or_size_splits axis", ""},
    {"Sqrt", "math.sqrt", "x", ""},
    {"Square", "math.square", "x", ""},
    {"SquaredDifference", "math.squared_difference", "x y", ""},
    {"Squeeze", "squeeze", "input", "squeeze_dims=axis"},
    {"StopGradient", "stop_gradient", "input", ""},
    {"StridedSlice", "strided_slice", "input_ begin end strides",
     "begin_mask=begin_mask end_mask=end_mask ellipsis_mask=ellipsis_mask "
     "new_axis_mask=new_axis_mask shrink_axis_mask=shrink_axis_mask"},
    {"Sub", "math.subtract", "x y", ""},
    {"Sum", "math.reduce_sum", "input_tensor axis", "keep_dims=keepdims"},
    {"Tan", "math.tan", "x", ""},
    {"Tanh", "math.tanh", "x", ""},
    {"TensorScatterAdd", "tensor_scatter_nd_add", "tensor indices updates", ""},
    {"TensorScatterSub", "tensor_scatter_nd_sub", "tensor indices updates", ""},
    {"TensorScatterUpdate", "tensor_scatter_nd_update", "tensor indices updates", ""},
    {"Tile", "tile", "input multiples", ""},
    {"TopKV2", "math.top_k", "input k", "sorted=sorted"},
    {"Transpose", "transpose", "a perm", ""},
    {"TruncateDiv", "truncatediv", "x y", ""},
    {"TruncateMod", "truncatemod", "x y", ""},
    {"Unpack", "unstack", "value", "num=num axis=axis"},
    {"UnsortedSegmentSum", "math.unsorted_segment_sum", "data segment_ids num_segments", ""},
    {"Where", "where", "condition", ""},
    {"Xdivy", "math.xdivy", "x y", ""},
    {"Xlog1py", "math.xlog1py", "x y", ""},
    {"Xlogy", "math.xlogy", "x y", ""},
    {"ZerosLike", "zeros_like", "input", ""},
};

const NodeKind* find_kind(std::string_view op) {
  for (const NodeKind& kind : kinds) {
    if (kind.op == op) return &kind;
  }
  return nullptr;
}

/// Bytes that JSON holds as base64; anything else ends them.
std::string from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    size_t digit = digits.find(c);
    if (digit == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

/// DT_FLOAT as "float32".
PyValue dtype_word(std::string_view written) {
  if (written.starts_with("DT_")) written.remove_prefix(3);
  std::string word = lower(written);
  return PyValue::of(word == "float" ? std::string("float32") : word);
}

PyValue whole_number(const PyValue& written) {
  int64_t number = written.integer();
  if (written.is_text()) parse_number(written.text(), number);
  return PyValue::of(number);
}

PyValue plain_value(const PyValue& written);

/// A list of one kind: {"i": ["1", "2"]}.
PyValue plain_list(const PyValue& lists) {
  std::vector<PyValue> items;
  for (const auto& [kind, list] : lists.entries()) {
    for (const PyValue& item : list.items())
      items.push_back(plain_value(PyValue::dict({{kind, item}})));
  }
  return PyValue::list(std::move(items));
}

/// {"i": "2"} and the like as what it stands for; shapes and tensors as None.
PyValue plain_value(const PyValue& written) {
  for (const auto& [kind, value] : written.entries()) {
    if (kind == "i") return whole_number(value);
    if (kind == "f" || kind == "b") return value;
    if (kind == "s") return PyValue::of(from_base64(value.text()));
    if (kind == "type") return dtype_word(value.text());
    if (kind == "list") return plain_list(value);
  }
  return {};
}

Error malformed(const PyValue& config) {
  return {.code = ErrorCode::malformed,
          .message = "the node of a TensorFlowOpLayer is written in no known way",
          .received = config.at("node_def").shown(),
          .advice = "load the model with a newer TensorFlow 2 and save it again"};
}

}  // namespace

Expected<NodeRecord> node_record(const PyValue& config) {
  PyValue written = config.at("node_def");
  if (written.is_text()) {
    auto parsed = parse_json(written.text());
    if (!parsed) return malformed(config);
    written = from_json(*parsed);
  }
  std::string_view op = written.at("op").text();
  if (op.empty()) return malformed(config);
  NodeRecord node{.function = cat("raw_ops.", op), .kind = find_kind(op)};
  if (node.kind) node.function = node.kind->function;
  std::vector<PyValue::Entry> attributes;
  for (const auto& [name, value] : written.at("attr").entries())
    attributes.emplace_back(name, plain_value(value));
  node.attributes = PyValue::dict(std::move(attributes));
  node.constants = config.at("constants");
  return node;
}

/// The tensors of a call, with the constants at their places among them.
static Expected<std::vector<PyValue>> inputs_of(const NodeRecord& node, const LayerCall& call) {
  std::vector<PyValue> inputs;
  for (KerasTensor tensor : call.inputs()) inputs.push_back(PyValue::of(tensor));
  std::vector<std::pair<int64_t, PyValue>> constants;
  for (const auto& [place, value] : node.constants.entries()) {
    int64_t index = -1;
    bool is_place = parse_number(place, index) && index >= 0;
    ENSURE_CODE(ErrorCode::malformed, is_place, "a constant has the place ", wherry::quoted(place));
    constants.emplace_back(index, value);
  }
  std::sort(constants.begin(), constants.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [index, value] : constants) {
    ENSURE_CODE(ErrorCode::malformed, index <= static_cast<int64_t>(inputs.size()),
                "a constant has the place ", index, " among ", inputs.size(), " inputs");
    inputs.insert(inputs.begin() + index, std::move(value));
  }
  return inputs;
}

Expected<LayerCall> arguments_of(const NodeRecord& node, const LayerCall& call) {
  CHECK(node.kind != nullptr);
  std::vector<PyValue> inputs = TRY(inputs_of(node, call));
  std::vector<std::string_view> names = split(node.kind->arguments, ' ');
  LayerCall result;
  size_t next = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].starts_with('*')) {
      size_t behind = names.size() - i - 1;
      size_t count = inputs.size() >= next + behind ? inputs.size() - next - behind : 0;
      auto first = inputs.begin() + static_cast<std::ptrdiff_t>(next);
      std::vector<PyValue> list(first, first + static_cast<std::ptrdiff_t>(count));
      result.named.emplace_back(names[i].substr(1), PyValue::list(std::move(list)));
      next += count;
    } else if (next < inputs.size()) {
      result.named.emplace_back(names[i], inputs[next++]);
    }
  }
  ENSURE_CODE(ErrorCode::malformed, next == inputs.size(), "the operator ", node.kind->op,
              " takes ", names.size(), " inputs, but gets ", inputs.size());
  for (std::string_view pair : split(node.kind->attributes, ' ')) {
    size_t sign = pair.find('=');
    if (sign == std::string_view::npos) continue;
    const PyValue& value = node.attributes.at(pair.substr(0, sign));
    bool is_empty = value.is_list() && value.items().empty();
    if (!value.is_none() && !is_empty) result.named.emplace_back(pair.substr(sign + 1), value);
  }
  return result;
}

}  // namespace wherry::keras
