#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Runs a command of the program with LibTorch for a stage of a run, to its end, in a process of
/// its own; `say` hears the lines that it prints, behind `name`. A stop signal is passed on, upon
/// which the command saves its state. Throws Interrupted then, RunError where the command fails.
void run_stage_process(const Experiment& experiment, const RunFolder& folder,
                       const std::vector<std::string>& arguments, const std::string& name,
                       const std::function<void(const std::string&)>& say);

}  // namespace nas
