// What every server of ours does as a process: signals, threads, addresses to listen on.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "branches/addresses.hpp"

namespace argon::app {

/// To be called before any thread starts: all of them inherit the mask, and only the one that waits takes the signals.
void block_stop_signals();
/// Waits for Ctrl-C or SIGTERM. Afterwards a second one ends the process at once.
void wait_for_stop();

/// Runs `work` and says on standard error what it throws. The exit status.
int explain_failure(const std::function<void()>& work);

std::size_t cores();
/// `chosen`, or one for each core when it is 0.
std::size_t thread_count(std::size_t chosen);

/// Loopback is listened on in both families: `localhost` is ::1 to some clients and 127.0.0.1 to others.
std::vector<std::string> listen_addresses(const std::string& host);
bool is_loopback(const std::string& host);

/// The HTTP side's addresses; `public_url` is derived where the options name none.
branches::Addresses make_addresses(const ServerOptions& options, std::uint16_t port);

/// What is wrong with the options, one sentence each.
std::vector<std::string> check(const ServerOptions& options);
}  // namespace argon::app
