// TFLite_Detection_PostProcess: from the raw outputs of an SSD detector to a list of objects.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Inputs: box encodings [1, n, 4 or more], class scores [1, n, classes, with or without
/// background first], anchors [n, 4]. Options: max_detections, max_classes_per_detection,
/// detections_per_class (100), use_regular_nms (false), nms_score_threshold, nms_iou_threshold,
/// num_classes, y_scale, x_scale, h_scale, w_scale. Outputs: boxes [1, m, 4] (top, left, bottom,
/// right), classes [1, m], scores [1, m], count [1].
extern const OpDef detection_post_process;

}  // namespace wherry::op
