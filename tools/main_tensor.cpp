#include "tools/program.hpp"
#include "tools/tensor_parts.hpp"

/// `nas-tensor`: the same program with LibTorch.
int main(int argc, char** argv) { return nas::run_program(argc, argv, nas::tensor_parts()); }
