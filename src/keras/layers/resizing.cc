// Resizing, CenterCrop and RandomCrop: pictures of a fixed size.
#include "keras/layer_import.h"
#include "keras/pictures.h"

namespace wherry::keras {
namespace {

/// Pictures as [batch, height, width, channels], and the way back.
class Frame {
 public:
  explicit Frame(LayerImport& layer) : layer_(layer) {}

  Expected<ValueId> open() {
    ValueId x = TRY(layer_.float_input());
    ENSURE(layer_.rank(x) == 3 || layer_.rank(x) == 4,
           "the layer needs an input of rank 3 or 4, but gets ", text_of(layer_.shape(x)));
    single_ = layer_.rank(x) == 3;
    if (single_) x = TRY(layer_.expand(x, 0));
    return layer_.channels_to_last(x);
  }

  Expected<ValueId> close(ValueId x) {
    x = TRY(layer_.channels_from_last(x));
    return single_ ? layer_.squeeze(x, 0) : x;
  }

 private:
  LayerImport& layer_;
  bool single_ = false;
};

PictureSize target(const LayerImport& layer) {
  return {layer.integer("height"), layer.integer("width")};
}

Status check_target(const LayerImport& layer) {
  PictureSize size = target(layer);
  constexpr int64_t most = 1 << 20;
  ENSURE(size.height > 0 && size.width > 0 && size.height <= most && size.width <= most,
         "pictures cannot become ", size.height, " by ", size.width);
  return {};
}

/// Keras 3 gives back integers where it got some: the nearest that there are.
Expected<ValueId> as_given(LayerImport& layer, ValueId y) {
  DType dtype = layer.dtype(layer.input());
  bool is_integer = dtype == DType::u8 || dtype == DType::i8 || dtype == DType::i16 ||
                    dtype == DType::i32 || dtype == DType::i64;
  if (layer.dialect() != Dialect::keras3 || !is_integer) return y;
  y = TRY(layer.node("ROUND", {y}));
  if (dtype == DType::u8) y = TRY(layer.at_most(TRY(layer.at_least(y, 0)), 255));
  if (dtype == DType::i8) y = TRY(layer.at_most(TRY(layer.at_least(y, -128)), 127));
  if (dtype == DType::i16) y = TRY(layer.at_most(TRY(layer.at_least(y, -32768)), 32767));
  return layer.cast(y, dtype);
}

Expected<Results> import_resizing(LayerImport& layer) {
  TRY(check_target(layer));
  Frame frame(layer);
  ValueId x = TRY(frame.open());
  PictureResize resize{target(layer), {}, layer.flag("antialias")};
  std::string method = lower(layer.text("interpolation"));
  resize.method = method;
  if (layer.flag("crop_to_aspect_ratio")) x = TRY(cropped_to_ratio(layer, x, resize.size));
  if (layer.flag("pad_to_aspect_ratio"))
    x = TRY(padded_to_ratio(layer, x, resize.size, layer.real("fill_value")));
  return TRY(as_given(layer, TRY(frame.close(TRY(resized(layer, x, resize))))));
}

Expected<ValueId> cropped_and_resized(LayerImport& layer, ValueId x) {
  ValueId part = TRY(cropped_to_ratio(layer, x, target(layer)));
  return resized(layer, part, {.size = target(layer)});
}

Expected<Results> import_center_crop(LayerImport& layer) {
  TRY(check_target(layer));
  Frame frame(layer);
  ValueId x = TRY(frame.open());
  PictureSize from = TRY(picture_size(layer, x, "CenterCrop")), to = target(layer);
  if (from.height < to.height || from.width < to.width)
    return TRY(frame.close(TRY(cropped_and_resized(layer, x))));
  int64_t top = (from.height - to.height) / 2, left = (from.width - to.width) / 2;
  std::vector<Range> ranges(4);
  if (to.height < from.height) ranges[1] = {.begin = top, .end = top + to.height};
  if (to.width < from.width) ranges[2] = {.begin = left, .end = left + to.width};
  return TRY(frame.close(TRY(layer.slice(x, ranges))));
}

/// Up to Keras 3.6 predicting meant resizing; later versions leave the pictures alone.
bool leaves_alone(const LayerImport& layer, std::string_view version) {
  int64_t minor = 0;
  bool newer = version.starts_with("3.") &&
               parse_number(version.substr(2, version.find('.', 2) - 2), minor) && minor >= 7;
  return layer.dialect() == Dialect::keras3 && (newer || version.empty());
}

Expected<Results> import_random_crop(LayerImport& layer) {
  TRY(check_target(layer));
  TRY(layer.check_predicting());
  if (leaves_alone(layer, layer.state().saved.keras_version)) return layer.input();
  Frame frame(layer);
  ValueId x = TRY(frame.open());
  return TRY(frame.close(TRY(cropped_and_resized(layer, x))));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Resizing"},
     .config = {integer("height"), integer("width"), text("interpolation", "bilinear"),
                flag("crop_to_aspect_ratio", false), flag("pad_to_aspect_ratio", false),
                flag("antialias", false), text("fill_mode", "constant"), real("fill_value", 0),
                text("data_format", "channels_last")},
     .import = import_resizing,
     .doc = "RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR, or two products with constant matrices"},
    {.class_names = {"CenterCrop"},
     .config = {integer("height"), integer("width"), text("data_format", "channels_last")},
     .import = import_center_crop,
     .doc = "STRIDED_SLICE; RESIZE_BILINEAR behind it for pictures that are too small"},
    {.class_names = {"RandomCrop"},
     .config = {integer("height"), integer("width"), ignored("seed"),
                text("data_format", "channels_last")},
     .import = import_random_crop,
     .doc = "STRIDED_SLICE and RESIZE_BILINEAR; nothing from Keras 3.7 on"},
};

}  // namespace

LayerTable resizing_layers() { return layer_table(layers); }

}  // namespace wherry::keras
