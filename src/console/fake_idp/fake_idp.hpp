// An identity provider for `argonauth dev`: whoever sits in front of the browser says who they are. It speaks OpenID Connect (discovery,
// authorize, token, userinfo, JWKS) and stands in for the shared credentials of every provider, so that "Sign in with Google" works on a
// laptop without a network. Only the composition root of `dev` makes one: `argonauth serve` has no way to it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/services.hpp"
#include "crypto/ed25519.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace argon::console {

struct FakePerson {
    std::string email;
    std::string name;
    bool email_verified = true;

    static void fields(auto& f, auto& person) {
        f.required("email", person.email);
        f.required("name", person.name);
        f.required("email_verified", person.email_verified);
    }
};

/// What an app's authorize request asks for; all of it travels through the page's form.
struct FakeRequest {
    std::string client_id;
    std::string redirect_uri;
    std::string state;
    std::string nonce;
    std::string code_challenge;
    std::string login_hint;
};

class FakeIdentityProvider {
public:
    /// `back_channel` is where the server reaches itself: scheme, host and port.
    FakeIdentityProvider(const branches::Addresses& addresses, const crypto::MasterKey& master_key, std::string back_channel);

    bool owns(std::string_view path) const;
    awaitable<http::Response> serve(const http::Request& request);

    /// The provider `id` as branches use it, with credentials that only this process knows.
    api::SharedProvider stand_in(std::string_view id) const;

private:
    struct Grant {
        std::string provider;
        FakeRequest request;
        FakePerson person;
        std::chrono::steady_clock::time_point ends;
    };

    http::Response answer(const http::Request& request);
    http::Response discovery(const std::string& provider) const;
    http::Response keys() const;
    http::Response authorize(const http::Request& request, const std::string& provider);
    http::Response decide(const http::QueryParameters& form, const std::string& provider, const FakeRequest& asked);
    http::Response token(const http::Request& request, const std::string& provider);
    http::Response userinfo(const http::Request& request, const std::string& provider) const;

    bool is_own_host(std::string_view host) const;
    bool is_own_url(const std::string& url) const;
    std::string issuer(std::string_view provider) const;
    std::string make_code(Grant grant);
    std::optional<Grant> take_code(const std::string& code);
    void remember(const FakePerson& person);
    std::vector<FakePerson> people();
    http::Response tokens_for(const std::string& provider, const FakePerson& person, const std::string& nonce) const;

    const branches::Addresses& addresses_;
    std::string back_channel_;
    crypto::SecretKey token_key_;
    crypto::Ed25519Key signing_key_;
    std::string client_secret_;
    std::mutex mutex_;
    std::map<std::string, Grant> codes_;
    std::vector<FakePerson> recent_;  ///< who signed in last comes first
};

/// The page where one picks or types a person.
std::string fake_sign_in_page(std::string_view provider_name, const FakeRequest& asked, const std::vector<FakePerson>& people,
                              std::string_view complaint);
}  // namespace argon::console
