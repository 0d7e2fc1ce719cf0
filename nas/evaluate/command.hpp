#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

class Section;

struct CommandOptions {
  /// The program and its arguments.
  std::vector<std::string> command;
  /// Seconds that one trial may take; 0: no limit.
  double timeout = 0;
};

void describe(Section& section, CommandOptions& options);

/// Asks an outside program, which is started once and spoken to in lines of JSON. It reads
/// `{"trial", "point", "budget", "seed"}` and answers as program_reply says; each progress line is
/// answered `{"stop": false}`, or `{"stop": true}` where the trial's cutoffs ask for its last
/// score. A promoted trial has the seed of the one it goes on from and a larger budget. A program
/// that ends, talks nonsense or takes too long costs its trial and is started again for the next;
/// one that ends with exit status 0 after its answer costs none. Its standard error is appended to
/// context.program_errors, of which the last megabytes are kept; its process group ends with the
/// evaluator. It runs in the current folder and with the environment of the run, in which
/// OMP_NUM_THREADS is `threads`.
std::unique_ptr<Evaluator> make_command(const CommandOptions& options,
                                        const EvaluatorContext& context);

}  // namespace nas
