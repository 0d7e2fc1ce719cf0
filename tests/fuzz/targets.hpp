#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace nas::fuzz {

/// A parser of text or bytes from outside, called as the program calls it. `run` returns whatever
/// the input is; what else it does (crash, hang, take memory, throw what is no refusal, break a
/// promise) is a mistake of the parser.
struct Target {
  std::string_view name;  // that of its file and of its folder in corpus/
  void (*run)(std::string_view input);
};

/// Every parser, a row each.
std::span<const Target> targets();

void architecture(std::string_view input);
void archive(std::string_view input);
void benchmark_table(std::string_view input);
void candidates(std::string_view input);
void checkpoint(std::string_view input);
void cifar(std::string_view input);
void csv(std::string_view input);
void experiment(std::string_view input);
void idx(std::string_view input);
void image_folder(std::string_view input);
void known_trials(std::string_view input);
void latency_table(std::string_view input);
void picture(std::string_view input);
void program_reply(std::string_view input);
void qubo_model(std::string_view input);
void safetensors(std::string_view input);
void table(std::string_view input);
void traces(std::string_view input);
void wav(std::string_view input);
void worker_lines(std::string_view input);
void yaml(std::string_view input);

/// Whether `parse` took its input; false where it refused it as wrong (exit status 2). Any other
/// exception goes on and ends the program.
bool taken(const std::function<void()>& parse);

/// Ends the program where a promise is broken.
void require(bool holds, std::string_view promise);

/// The input's first byte, for a target with several ways to read the rest; 0 where there is none.
unsigned take_byte(std::string_view& input);

/// A file of this name that holds `bytes`, for parsers that take a path; overwritten by the next
/// one of that name.
std::filesystem::path file_with(std::string_view bytes, std::string_view name);

}  // namespace nas::fuzz
