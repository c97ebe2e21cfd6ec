// Ids in the forms that clients test for: the CLI takes a text as a branch's id only if it has three groups after `br-`.
#pragma once

#include "base/ids.hpp"

namespace argon::branches {

/// `solitary-cell-58208823`
ProjectId make_project_id();
/// `br-yellow-dawn-a5qftt8g`
BranchId make_branch_id();
/// `ep-lingering-surf-a5926aiu`
EndpointId make_endpoint_id();
}  // namespace argon::branches
