// Weights in an .npz archive, which Keras writes where h5py is missing.
#include "keras/reader/load_weights.h"

namespace wherry::keras {

Expected<WeightTree> load_npz_weights(SharedBytes) {
  return Error{
      .code = ErrorCode::unsupported,
      .message = "the model's weights are in 'model.weights.npz', as pickled Python objects",
      .advice = "install h5py in Python and save the model again"};
}

}  // namespace wherry::keras
