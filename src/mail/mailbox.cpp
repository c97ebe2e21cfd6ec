#include "mail/mailbox.hpp"

#include <algorithm>

namespace argon::mail {
namespace {
std::string lower(std::string_view text) {
    std::string folded{text};
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return folded;
}

std::size_t size_of(const Received& mail) { return sizeof mail + mail.subject.size() + mail.text.size() + mail.html.size() + mail.to.size(); }

bool matches(const Search& search, const std::string& to, const Received& mail) {
    return mail.id > search.after && (to.empty() || lower(mail.to) == to) && (search.kind.empty() || mail.kind == search.kind) &&
           (search.branch.empty() || mail.branch == search.branch);
}
}  // namespace

void Mailbox::add(Received mail) {
    const std::lock_guard lock{mutex_};
    mail.id = ++last_id_;
    bytes_ += size_of(mail);
    mails_.push_back(std::move(mail));
    while (mails_.size() > max_mails || (bytes_ > max_bytes && mails_.size() > 1)) {
        bytes_ -= size_of(mails_.front());
        mails_.pop_front();
    }
}

std::vector<Received> Mailbox::list(const Search& search, std::size_t limit) const {
    const auto to = lower(search.to);
    const std::lock_guard lock{mutex_};
    std::vector<Received> found;
    for (auto mail = mails_.rbegin(); mail != mails_.rend() && found.size() < limit; ++mail) {
        if (matches(search, to, *mail)) found.push_back(*mail);
    }
    return found;
}

std::optional<Received> Mailbox::latest(const Search& search) const {
    auto found = list(search, 1);
    if (found.empty()) return {};
    return std::move(found.front());
}

std::optional<Received> Mailbox::first(const Search& search) const {
    const auto to = lower(search.to);
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find_if(mails_, [&](const Received& mail) { return matches(search, to, mail); });
    if (found == mails_.end()) return {};
    return *found;
}

std::optional<Received> Mailbox::find(std::int64_t id) const {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(mails_, id, &Received::id);
    if (found == mails_.end()) return {};
    return *found;
}

std::size_t Mailbox::clear(std::string_view to) {
    const auto address = lower(to);
    const std::lock_guard lock{mutex_};
    const auto before = mails_.size();
    std::erase_if(mails_, [&](const Received& mail) { return address.empty() || lower(mail.to) == address; });
    bytes_ = 0;
    for (const auto& mail : mails_) bytes_ += size_of(mail);
    return before - mails_.size();
}
}  // namespace argon::mail
