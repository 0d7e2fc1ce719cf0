#include "nas/evaluate/command.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <thread>

#include "nas/config/section.hpp"
#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/log_tail.hpp"
#include "nas/core/stop.hpp"
#include "nas/core/subprocess.hpp"
#include "nas/core/text.hpp"
#include "nas/evaluate/program_reply.hpp"

namespace nas {
namespace {

constexpr double kSecondsToEnd = 2;
constexpr double kSecondsPerWait = 0.2;
constexpr double kSecondsToHear = 0.2;
/// That a program has not read yet of what it was told.
constexpr size_t kMostUnread = 1 << 20;
/// Of standard error; then older lines make room.
constexpr int64_t kMostErrorBytes = 8 << 20;

/// A whole number without a decimal point.
Json number_json(double value) {
  return std::nearbyint(value) == value && std::abs(value) < 0x1p53
             ? Json(static_cast<int64_t>(value))
             : Json(value);
}

class Command : public Evaluator {
 public:
  Command(const CommandOptions& options, const EvaluatorContext& context)
      : options_(options), space_(context.space), errors_(context.program_errors) {}

  /// A program that waits for a trial ends when its input does; else it is killed.
  ~Command() override {
    if (!program_) return;
    program_->close_input();
    program_->wait_for_end(kSecondsToEnd);
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    if (!assignment.point) return Failure{"error", "a command evaluates points only"};
    const double limit = std::numeric_limits<double>::infinity();
    const double end = options_.timeout > 0 ? steady_seconds() + options_.timeout : limit;
    hand_over(assignment);
    for (bool open = true;;) {
      while (const auto line = program_->take_line()) {
        if (auto outcome = take(*line, assignment, monitor)) return *outcome;
      }
      if (auto outcome = open ? std::nullopt : outcome_in_rest()) return *outcome;
      if (!open && left_before_this_trial()) {
        hand_to_fresh(assignment);
        open = true;
      }
      if (!open) return lost();
      if (stop_requested()) {
        program_.reset();
        throw Interrupted();
      }
      if (steady_seconds() >= end) {
        return give_up("timeout",
                       fmt::format("no result within {}", format_duration(options_.timeout)));
      }
      wait(std::min(end - steady_seconds(), kSecondsPerWait));
      open = program_->read_available();
    }
  }

  /// What a program says shows only when it does.
  bool reports(const std::string&) const override { return true; }

 private:
  void start() {
    program_.reset();
    shorten_log(errors_, kMostErrorBytes);
    std::error_code none;
    const auto size = std::filesystem::file_size(errors_, none);
    errors_before_ = none ? 0 : static_cast<int64_t>(size);
    program_ = std::make_unique<Subprocess>(Subprocess::Command{options_.command, {}, errors_});
    has_answered_ = false;
    unread_.clear();
  }

  /// Gives the assignment to the program; to a fresh one where the old one ended since its last
  /// trial, or has said something that nobody asked for.
  void hand_over(const Assignment& assignment) {
    has_spoken_ = false;
    if (program_ && program_->read_available() && !program_->take_line() &&
        tell(line_of(assignment))) {
      return;
    }
    hand_to_fresh(assignment);
  }

  void hand_to_fresh(const Assignment& assignment) {
    start();
    tell(line_of(assignment));  // where it is gone already, reading says so
  }

  /// Whether the program was there to be told. It reads when it likes: what does not fit into its
  /// pipe is written while it is listened to.
  bool tell(const std::string& line) {
    unread_ += line + "\n";
    return write_unread();
  }

  bool write_unread() {
    if (program_->write_some(unread_)) return true;
    unread_.clear();
    return false;
  }

  std::string line_of(const Assignment& assignment) const {
    Json json{{"trial", assignment.number},
              {"point", to_json(space_.choices(), *assignment.point)},
              {"budget", number_json(assignment.budget)},
              {"seed", assignment.seed}};
    if (assignment.origin) json["continues"] = assignment.origin->number;
    return json.dump();
  }

  /// Whether the program ended after earlier trials without a word about this one, which lay in its
  /// pipe already. Where this one is what ends it, it ends a fresh program, too.
  bool left_before_this_trial() const {
    return has_answered_ && !has_spoken_ && !program_->line_too_long();
  }

  /// The outcome, where this line brings it.
  std::optional<Outcome> take(const std::string& line, const Assignment& assignment,
                              Monitor& monitor) {
    if (line.find_first_not_of(" \t\r") == line.npos) return std::nullopt;
    has_spoken_ = true;
    ProgramReply reply = program_reply(line);
    if (auto* outcome = std::get_if<Outcome>(&reply)) {
      has_answered_ = true;
      return std::move(*outcome);
    }
    if (const auto* nonsense = std::get_if<Garbage>(&reply)) {
      return give_up("error", nonsense->reason);
    }
    auto& progress = std::get<Progress>(reply);
    progress.total = static_cast<int64_t>(std::ceil(std::min(assignment.budget, 0x1p62)));
    const Advice advice = monitor.report(progress);
    tell(advice == Advice::stop ? R"({"stop": true})" : R"({"stop": false})");
    if (unread_.size() <= kMostUnread) return std::nullopt;
    return give_up("error", "the program does not read what answers it");
  }

  /// The last line of a program that ended may lack its newline; a piece of one tells nothing.
  std::optional<Outcome> outcome_in_rest() {
    const auto rest = program_->take_rest();
    if (!rest) return std::nullopt;
    ProgramReply reply = program_reply(*rest);
    auto* outcome = std::get_if<Outcome>(&reply);
    if (outcome == nullptr) return std::nullopt;
    has_answered_ = true;
    return std::move(*outcome);
  }

  /// Ends the program, which the next trial starts again.
  Outcome give_up(const std::string& kind, const std::string& reason) {
    program_.reset();
    return Failure{kind, reason};
  }

  Outcome lost() {
    if (program_->line_too_long()) {
      return give_up("error", "the program sent a line longer than 16 MiB");
    }
    program_->wait_for_end(kSecondsToEnd);
    const std::string end = program_->kill_and_describe();
    if (told_to_stop_too()) throw Interrupted();
    const std::string last = last_line(errors_, errors_before_);
    return give_up("crash", fmt::format("the program ended with {}{}{}", end,
                                        last.empty() ? "" : ": ", printable(last)));
  }

  /// Who ends a whole job may reach the program before us: then it is no fault of the trial's.
  static bool told_to_stop_too() {
    const double end = steady_seconds() + kSecondsToHear;
    while (!stop_requested() && steady_seconds() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return stop_requested();
  }

  /// Until the program says something, or reads what it was told.
  void wait(double seconds) {
    if (shorten_log(errors_, kMostErrorBytes)) errors_before_ = 0;
    std::array<pollfd, 2> ends{{{program_->output(), POLLIN, 0}, {program_->input(), POLLOUT, 0}}};
    const nfds_t count = unread_.empty() ? 1 : 2;
    ::poll(ends.data(), count, static_cast<int>(std::ceil(std::max(seconds, 0.0) * 1000)));
    if (!unread_.empty()) write_unread();
  }

  CommandOptions options_;
  const Space& space_;
  std::filesystem::path errors_;
  int64_t errors_before_ = 0;  // bytes when the program was started
  std::unique_ptr<Subprocess> program_;
  std::string unread_;         // what it was told and has no room for in its pipe
  bool has_answered_ = false;  // an earlier trial
  bool has_spoken_ = false;    // about this trial
};

}  // namespace

void describe(Section& section, CommandOptions& options) {
  section.required({"command"});
  section.program("command", options.command,
                  "program and arguments, started once per worker; files are looked for beside the "
                  "configuration");
  section.duration("timeout", options.timeout, {0, 1e9, ""},
                   "time that one trial may take; 0: no limit");
}

std::unique_ptr<Evaluator> make_command(const CommandOptions& options,
                                        const EvaluatorContext& context) {
  return std::make_unique<Command>(options, context);
}

}  // namespace nas
