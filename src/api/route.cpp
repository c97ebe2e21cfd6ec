#include "api/route.hpp"

#include <stdexcept>

namespace argon::api {

RouteTable::RouteTable(std::vector<std::span<const Route>> features) {
    for (const auto& feature : features) {
        for (const auto& route : feature) routes_.push_back(route);
    }
    for (const auto& route : routes_) {
        const bool added = index_.emplace(std::pair{route.path, route.method}, &route).second;
        if (!added) throw std::logic_error("route listed twice: " + std::string{route.path});
    }
}

const Route* RouteTable::find(Method method, std::string_view path) const {
    const auto found = index_.find({path, method});
    return found == index_.end() ? nullptr : found->second;
}

Limit RouteTable::limit(std::string_view path) const {
    const auto found = index_.lower_bound({path, Method::get});
    return found == index_.end() || found->first.first != path ? Limit{} : found->second->options.limit;
}
}  // namespace argon::api
