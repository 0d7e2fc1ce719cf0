#include "tools/assemble.hpp"
#include "tools/program.hpp"

/// `nas`: starts in milliseconds because it has no LibTorch; becomes `nas-tensor` where tensors are
/// needed.
int main(int argc, char** argv) { return nas::run_program(argc, argv, nas::TensorParts{}); }
