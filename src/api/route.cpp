#include "api/route.hpp"

#include <algorithm>
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

std::string_view RouteTable::listed(std::string_view path) const {
    const auto exact = index_.lower_bound({path, Method::get});
    if (exact != index_.end() && exact->first.first == path) return path;
    const auto found = std::ranges::find_if(routes_, [&](const Route& route) {
        const auto fixed = route.path.substr(0, route.path.find('{'));
        return fixed.size() < route.path.size() && path.size() > fixed.size() && path.starts_with(fixed) &&
               path.find('/', fixed.size()) == std::string_view::npos;
    });
    return found == routes_.end() ? path : found->path;
}

std::string RouteTable::parameter(const Route& route, std::string_view path) {
    const auto brace = route.path.find('{');
    return brace == std::string_view::npos ? std::string{} : http::percent_decode(path.substr(brace)).value_or(std::string{});
}

const Route* RouteTable::find(Method method, std::string_view path) const {
    const auto found = index_.find({listed(path), method});
    return found == index_.end() ? nullptr : found->second;
}

Limit RouteTable::limit(std::string_view path) const {
    path = listed(path);
    const auto found = index_.lower_bound({path, Method::get});
    return found == index_.end() || found->first.first != path ? Limit{} : found->second->options.limit;
}
}  // namespace argon::api
