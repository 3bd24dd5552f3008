// STABLEHLO_REDUCE_WINDOW and REDUCE_WINDOW: combine the elements of a window that slides over a
// padded tensor.
#include "ops/stablehlo/reduce_window.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/stablehlo/combination.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_reduce_window_fields[] = {
    field<&StablehloReduceWindow::window_dimensions>("window_dimensions", 0),
    field<&StablehloReduceWindow::window_strides>("window_strides", 1),
    field<&StablehloReduceWindow::base_dilations>("base_dilations", 2),
    field<&StablehloReduceWindow::window_dilations>("window_dilations", 3),
    field<&StablehloReduceWindow::padding>("padding", 4),
    field<&StablehloReduceWindow::body_subgraph_index>("body_subgraph_index", 5)};
constexpr Field reduce_window_fields[] = {
    field<&ReduceWindow::reduce_function>("reduce_function", 0)};

constexpr TypeSet reduced_types = one_of(DType::f32, DType::f64, DType::i8, DType::u8, DType::i16,
                                         DType::i32, DType::i64, DType::boolean);
constexpr int max_rank = 6;

/// What happens along one axis.
struct WindowAxis {
  int64_t extent, window, stride, base_dilation, window_dilation, low, high;

  int64_t dilated() const { return extent == 0 ? 0 : (extent - 1) * base_dilation + 1; }
  int64_t places() const {
    int64_t padded = dilated() + low + high, reach = (window - 1) * window_dilation + 1;
    return padded < reach ? 0 : (padded - reach) / stride + 1;
  }
  /// Element of the input under window element w at place p; -1: padding.
  int64_t source(int64_t p, int64_t w) const {
    int64_t position = p * stride + w * window_dilation - low;
    if (position < 0 || position >= dilated() || position % base_dilation != 0) return -1;
    return position / base_dilation;
  }
};

/// Numbers that keep every sum and product above far from overflow.
Status check_axis(const WindowAxis& axis) {
  constexpr int64_t limit = int64_t{1} << 31;
  bool valid = true;
  for (int64_t number : {axis.window, axis.stride, axis.base_dilation, axis.window_dilation})
    valid = valid && number > 0 && number < limit;
  valid = valid && std::max(axis.low, axis.high) < limit && std::min(axis.low, axis.high) > -limit;
  ENSURE(valid && axis.extent < limit, "a window of ", axis.window, " with stride ", axis.stride,
         ", dilation ", axis.window_dilation, ", base dilation ", axis.base_dilation,
         " and padding ", axis.low, " and ", axis.high, " cannot slide over ", axis.extent,
         " elements");
  return {};
}

Expected<std::vector<WindowAxis>> axes_of(const Shape& shape, const StablehloReduceWindow& a) {
  size_t rank = static_cast<size_t>(shape.rank());
  ENSURE(rank >= 1 && rank <= max_rank, "a window reduction takes 1 to ", max_rank,
         " axes, got the shape ", shape);
  for (const auto* list :
       {&a.window_dimensions, &a.window_strides, &a.base_dilations, &a.window_dilations})
    ENSURE(list->size() == rank, "a window reduction of the shape ", shape, " got the numbers ",
           *list);
  ENSURE(a.padding.size() == 2 * rank, "a window reduction of the shape ", shape,
         " got the padding ", a.padding);
  std::vector<WindowAxis> axes;
  for (size_t k = 0; k < rank; ++k) {
    axes.push_back({shape[static_cast<int>(k)], a.window_dimensions[k], a.window_strides[k],
                    a.base_dilations[k], a.window_dilations[k], a.padding[2 * k],
                    a.padding[2 * k + 1]});
    TRY(check_axis(axes.back()));
  }
  return axes;
}

/// The older operator has its numbers in tensors, and neither dilates nor pads the input.
StablehloReduceWindow older_form(const Shape& shape, std::vector<int64_t> window,
                                 std::vector<int64_t> strides, std::vector<int64_t> dilations) {
  size_t rank = static_cast<size_t>(shape.rank());
  return {.window_dimensions = std::move(window),
          .window_strides = std::move(strides),
          .base_dilations = std::vector<int64_t>(rank, 1),
          .window_dilations = std::move(dilations),
          .padding = std::vector<int64_t>(2 * rank, 0)};
}

Status set_result(InferContext& context, const StablehloReduceWindow& a) {
  ENSURE(context.dtype(1) == context.dtype(0) && context.shape(1).elements() == 1,
         context.op().name, " needs one start value of type ", context.dtype(0), ", got ",
         text_of(context.input(1)));
  Shape result;
  for (const WindowAxis& axis : TRY(axes_of(context.shape(0), a))) result.push_back(axis.places());
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status infer_stablehlo(InferContext& context) {
  const auto& attributes = context.attributes<StablehloReduceWindow>();
  TRY(check_combination(context, attributes.body_subgraph_index, context.dtype(0)));
  return set_result(context, attributes);
}

Expected<Combination> combination_of_function(int32_t function) {
  constexpr Combination kinds[] = {Combination::add,     Combination::multiply,
                                   Combination::minimum, Combination::maximum,
                                   Combination::all,     Combination::any};
  ENSURE(function >= 1 && function <= 6, "REDUCE_WINDOW got the unknown function ", function);
  return kinds[function - 1];
}

Status infer_older(InferContext& context) {
  TRY(combination_of_function(context.attributes<ReduceWindow>().reduce_function));
  return set_result(context, older_form(context.shape(0), TRY(context.integers(2)),
                                        TRY(context.integers(3)), TRY(context.integers(4))));
}

/// Counts through all positions of a box, last axis fastest; false after the last.
bool advance(std::vector<int64_t>& position, const std::vector<int64_t>& limits) {
  for (size_t k = position.size(); k-- > 0;) {
    if (++position[k] < limits[k]) return true;
    position[k] = 0;
  }
  return false;
}

template <class T>
Status reduce(Call& call, const std::vector<WindowAxis>& axes, const Combiner<T>& combine) {
  if (call.output(0).elements() == 0) return {};
  std::vector<int64_t> steps = dense_steps(call.shape(0)), places, windows;
  for (const WindowAxis& axis : axes) {
    places.push_back(axis.places());
    windows.push_back(axis.window);
  }
  const T start = *call.data<T>(1);
  std::vector<int64_t> place(axes.size(), 0), window(axes.size(), 0);
  T* y = call.result<T>(0);
  do {
    T sum = start;
    do {
      if (window.back() == 0) TRY(call.environment().spend_step());
      int64_t from = 0;
      for (size_t k = 0; k < axes.size() && from >= 0; ++k) {
        int64_t source = axes[k].source(place[k], window[k]);
        from = source < 0 ? -1 : from + source * steps[k];
      }
      sum = TRY(combine(sum, from < 0 ? start : call.data<T>(0)[from]));
    } while (advance(window, windows));
    *y++ = sum;
  } while (advance(place, places));
  return {};
}

Status run(Call& call, const StablehloReduceWindow& numbers, Combination kind) {
  std::vector<WindowAxis> axes = TRY(axes_of(call.shape(0), numbers));
  Status status;
  for_type<float, double, int8_t, uint8_t, int16_t, int32_t, int64_t, Truth>(
      call.dtype(0), [&]<class T>() {
        status =
            reduce(call, axes, Combiner<T>(call, kind, numbers.body_subgraph_index, call.dtype(0)));
      });
  return status;
}

Status reference_stablehlo(Call& call) {
  const auto& attributes = call.attributes<StablehloReduceWindow>();
  return run(call, attributes,
             TRY(combination_of(call.environment().model(), attributes.body_subgraph_index,
                                call.dtype(0))));
}

Status reference_older(Call& call) {
  Combination kind = TRY(combination_of_function(call.attributes<ReduceWindow>().reduce_function));
  return run(call, older_form(call.shape(0), call.integers(2), call.integers(3), call.integers(4)),
             kind);
}

}  // namespace

constinit const AttributesType stablehlo_reduce_window_attributes =
    attributes_type<StablehloReduceWindow>(stablehlo_reduce_window_fields, 0, 13);
constinit const AttributesType reduce_window_attributes =
    attributes_type<ReduceWindow>(reduce_window_fields, 0, 20);

constinit const OpDef reduce_window_family[2] = {
    {.name = "STABLEHLO_REDUCE_WINDOW",
     .code = 198,
     .attributes = &stablehlo_reduce_window_attributes,
     .inputs = {{"x", reduced_types}, {"start", reduced_types}},
     .outputs = {{"y", reduced_types}},
     .versions = {{1, "2.16.0"}},
     .infer = infer_stablehlo,
     .reference = reference_stablehlo,
     .effects = Effects::stateful,
     .doc = "combines the elements of a window that slides over a dilated and padded tensor"},
    {.name = "REDUCE_WINDOW",
     .code = 205,
     .attributes = &reduce_window_attributes,
     .inputs = {{"x", reduced_types},
                {"start", reduced_types},
                {"window", DType::i64},
                {"strides", DType::i64},
                {"dilations", DType::i64}},
     .outputs = {{"y", reduced_types}},
     .versions = {{1, "2.15.0"}},
     .infer = infer_older,
     .reference = reference_older,
     .doc = "combines the elements of a window that slides over a tensor"},
};

OpTable reduce_window_ops() { return op_table(reduce_window_family); }

}  // namespace wherry::op
