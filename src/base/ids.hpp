// Identifiers as distinct types, so that a session id is never passed where a user id belongs.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace argon {

/// A string id of one kind. Tag is an empty struct that only tells the kinds apart.
template <class Tag>
struct Id {
    std::string value;

    Id() = default;
    explicit Id(std::string text) : value(std::move(text)) {}
    auto operator<=>(const Id&) const = default;
    bool empty() const { return value.empty(); }
};

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using OrganizationId = Id<struct OrganizationTag>;
using SessionToken = Id<struct SessionTokenTag>;
using ProjectId = Id<struct ProjectTag>;
using BranchId = Id<struct BranchTag>;
using EndpointId = Id<struct EndpointTag>;

/// 8-4-4-4-12 hexadecimal digits, either case: what a uuid column takes without an error.
bool is_uuid(std::string_view text);
}  // namespace argon
