#include "app/run.hpp"

int main(int argc, char** argv) { return argon::app::run(argc, argv); }
