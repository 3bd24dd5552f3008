// Words for command lines that cannot be read.
#pragma once

#include "command.h"

namespace wherry::cli {

/// What CLI11 found wrong with the words for `verb`; for an unknown option with the nearest of
/// those there are. No verb: the words before it are wrong.
Error usage_error(const CLI::ParseError& problem, const CLI::App* verb);

/// The nearest of the candidates when it is a likely slip of the word; else empty.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace wherry::cli
