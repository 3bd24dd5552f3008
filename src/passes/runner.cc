// The loop over groups, passes and graphs.
#include "passes/runner.h"

#include <algorithm>

#include "passes/editor.h"

namespace wherry {
namespace {

/// A group that does not settle is a bug of ours: some pass undoes another.
constexpr int max_rounds = 100;

Status check_order(std::span<const PassGroup> pipeline) {
  std::vector<std::string_view> seen, all;
  for (const PassGroup& group : pipeline) {
    for (const Pass* pass : group.passes) all.push_back(pass->name);
  }
  for (const PassGroup& group : pipeline) {
    for (const Pass* pass : group.passes) {
      for (std::string_view earlier : pass->after) {
        bool present = std::find(all.begin(), all.end(), earlier) != all.end();
        bool done = std::find(seen.begin(), seen.end(), earlier) != seen.end();
        ENSURE_CODE(ErrorCode::usage, !present || done, "the pass ", pass->name,
                    " must come after ", earlier);
      }
      seen.push_back(pass->name);
    }
  }
  return {};
}

int run_on_all_graphs(const Pass& pass, Model& model, const Workshop& workshop) {
  int count = 0;
  for (size_t i = 0; i < model.graphs.size(); ++i) {
    GraphEditor editor(model, i, workshop);
    count += editor.sweep(pass);
    editor.remove_dead();
    editor.finish();
  }
  return count;
}

class Runner {
 public:
  Runner(Model& model, const PassOptions& options) : model_(model), options_(options) {}

  Status run_group(const PassGroup& group) {
    for (int round = 0; round < max_rounds && !stopped_; ++round) {
      int changes = 0;
      for (const Pass* pass : group.passes) changes += TRY(run_pass(*pass));
      if (!group.until_stable || changes == 0) return {};
    }
    ENSURE_CODE(ErrorCode::internal, stopped_, "the passes of the group ", group.name,
                " do not settle");
    return {};
  }

  std::vector<PassCount> counts;

 private:
  Expected<int> run_pass(const Pass& pass) {
    bool skipped =
        std::find(options_.skip.begin(), options_.skip.end(), pass.name) != options_.skip.end();
    if (stopped_ || skipped) return 0;
    int changes = run_on_all_graphs(pass, model_, options_.workshop);
    note(pass.name, changes);
    if (options_.after && changes) options_.after(options_.owner, pass.name, model_);
    stopped_ = pass.name == options_.stop_after;
    return changes;
  }

  void note(std::string_view name, int changes) {
    for (PassCount& count : counts) {
      if (count.name == name) {
        count.applied += changes;
        return;
      }
    }
    counts.push_back({name, changes});
  }

  Model& model_;
  const PassOptions& options_;
  bool stopped_ = false;
};

}  // namespace

Expected<std::vector<PassCount>> run_passes(Model& model, std::span<const PassGroup> pipeline,
                                            const PassOptions& options) {
  TRY(check_order(pipeline));
  for (std::string_view name : options.skip)
    ENSURE_CODE(ErrorCode::usage, find_pass(name), "there is no pass ", quoted(name));
  Runner runner(model, options);
  for (const PassGroup& group : pipeline) TRY(runner.run_group(group));
  return std::move(runner.counts);
}

}  // namespace wherry
