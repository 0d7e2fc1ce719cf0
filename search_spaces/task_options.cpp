#include "search_spaces/task_options.hpp"

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {

void describe(Section& section, TaskOptions& options) {
  section.text("input", options.input, "shape of one example, CxHxW; by default that of the data");
  section.integer("classes", options.classes, {0, 1'000'000, ""},
                  "number of classes; 0: that of the data");
  if (options.input.empty()) return;
  try {
    shape_from_text(options.input);
  } catch (const InputError& error) {
    section.mistake("input", error.what());
  }
}

TaskShape applied(const TaskOptions& options, TaskShape task) {
  if (!options.input.empty()) task.input = shape_from_text(options.input);
  if (options.classes > 0) task.classes = options.classes;
  return task;
}

}  // namespace nas
