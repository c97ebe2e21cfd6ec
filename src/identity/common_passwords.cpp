#include "identity/common_passwords.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

namespace argon::identity {
namespace {
// Sorted by what they are, not by how common they are: lists of leaks agree on the kinds, hardly on the order.
constexpr std::string_view words =
    // what it is for
    "password passwort passw pass passwd parola senha motdepasse contrasena secret secure security login logon admin administrator root user "
    "guest test tester testing default changeme change letmein let me in welcome access master system server manager "
    "service support internet computer windows google facebook apple microsoft samsung pokemon minecraft whatever nothing "
    "demo example temp temporary public private oracle mysql postgres database "
    // affection
    "iloveyou ilove love lover loves you loveme lovely loveyou sweet sweetheart sweetie honey baby babygirl babe darling angel princess prince "
    "queen king kitty beautiful pretty cute sexy hottie kiss kisses forever together friend friends family mother father mommy daddy sister "
    "brother heart happy smile hello hallo bonjour freedom peace jesus christ god blessed heaven faith hope "
    // animals, nature, seasons
    "monkey dragon tiger lion eagle falcon wolf panther dolphin dolphins butterfly chicken turtle rabbit horse horses puppy kitten cat dog "
    "bear shark cobra mustang bird fish flower flowers sunflower rainbow sunshine summer winter spring autumn october november december "
    "january february march april june july august september monday friday sunday star stars moon ocean river mountain midnight diamond "
    "crystal silver gold golden orange banana cookie cheese chocolate pepper ginger peanut strawberry cherry apple "
    // sport and play
    "football baseball basketball soccer hockey softball volleyball tennis golf swimming skater skateboard wrestling "
    "chelsea arsenal liverpool barcelona juventus manchester united yankees cowboys steelers lakers redsox packers raiders eagles giants "
    "player gamer games playboy chess poker guitar music metallica nirvana slipknot eminem rockstar rock drums dancer dance dancing "
    // heroes
    "superman batman spiderman ironman starwars startrek skywalker matrix phoenix merlin gandalf hunter ranger warrior killer ninja samurai "
    "pirate knight legend magic wizard shadow ghost devil demon thunder lightning terminator snoopy mickey garfield scooby pikachu naruto "
    "harley ferrari porsche mercedes corvette camaro yamaha honda jaguar "
    // names
    "michael jordan jennifer jessica ashley michelle daniel andrew joshua matthew nicole amanda charlie robert thomas william alexander "
    "anthony christopher christian nicholas patrick richard benjamin jonathan samantha elizabeth victoria stephanie melissa danielle rebecca "
    "natasha vanessa veronica patricia angelina alexandra isabella gabriel sebastian fernando alejandro andrea martin maggie buster bailey "
    "jackson tigger george jasmine sophie maria anna david james joseph john peter simon oliver oscar lucky sam "
    // places
    "america london paris berlin boston chicago dallas texas florida california newyork canada australia brazil brasil mexico germany "
    "england scotland ireland russia moscow india china japan "
    // what is left
    "trustno trust no one fuck fucker fuckyou fuckoff asshole bitch shit pussy blow job big dick money dollar power rich boss cool crazy funny "
    "awesome super mega hacker hack qwerty azerty qwertz asdf zxcv abc abcd i the my your new old first last time life world home house "
    "school college student teacher doctor police soldier marine army navy trucker cowboy gangster";

// Walks of a lazy hand, read in both directions.
constexpr std::string_view walks[] = {"abcdefghijklmnopqrstuvwxyz",
                                      "01234567890",
                                      "1234567890",
                                      "qwertyuiop",
                                      "asdfghjkl",
                                      "zxcvbnm",
                                      "qwertzuiop",
                                      "yxcvbnm",
                                      "azertyuiop",
                                      "qsdfghjklm",
                                      "!@#$%^&*()",
                                      "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
                                      "1q2w3e4r5t6y7u8i9o0p",
                                      "q1w2e3r4t5y6u7i8o9p0",
                                      "qazwsxedcrfvtgbyhnujmikolp",
                                      "147258369",
                                      "159753",
                                      "741852963",
                                      "zaqxswcdevfrbgtnhymjukilop",
                                      "a1b2c3d4e5f6g7h8",
                                      "1a2b3c4d5e6f7g8h",
                                      "zaq12wsx",
                                      "zaq1xsw2cde3vfr4",
                                      "13579",
                                      "24680",
                                      "112233445566778899",
                                      "aabbccddeeff",
                                      "1qazxsw23edcvfr4",
                                      "qweasdzxc",
                                      "123qweasdzxc",
                                      "qwe123",
                                      "asd123",
                                      "1123581321345589",
                                      "31415926"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

const std::unordered_set<std::string_view>& known_words() {
    static const auto set = [] {
        std::unordered_set<std::string_view> found;
        for (std::size_t at = 0; at < words.size();) {
            const auto end = std::min(words.find(' ', at), words.size());
            if (end > at) found.insert(words.substr(at, end - at));
            at = end + 1;
        }
        return found;
    }();
    return set;
}

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return result;
}

/// The letters that digits and signs stand for: `p@ssw0rd`.
std::string undisguise(std::string text) {
    constexpr std::string_view signs = "0134578@$!";
    constexpr std::string_view letters = "oleastbasi";
    for (char& c : text) {
        const auto at = signs.find(c);
        if (at != std::string_view::npos) c = letters[at];
    }
    return text;
}

bool repeats(std::string_view text) {
    for (std::size_t unit = 1; unit <= 4 && unit * 2 <= text.size(); ++unit) {
        bool same = true;
        for (std::size_t i = unit; i < text.size() && same; ++i) same = text[i] == text[i - unit];
        if (same) return true;
    }
    return false;
}

/// The longest beginning of `text` that is a piece of a walk, or one character over and over.
std::size_t walked(std::string_view text) {
    std::size_t longest = text.find_first_not_of(text.front());
    if (longest == std::string_view::npos) longest = text.size();
    for (const auto walk : walks) {
        for (const bool backwards : {false, true}) {
            const std::string path = backwards ? std::string{walk.rbegin(), walk.rend()} : std::string{walk};
            std::size_t length = std::min(text.size(), path.size());
            while (length > longest && path.find(text.substr(0, length)) == std::string::npos) --length;
            longest = std::max(longest, length);
        }
    }
    return longest;
}

/// Made of up to four runs of three or more.
bool is_walk(std::string_view text) {
    for (int runs = 0; runs < 4 && !text.empty(); ++runs) {
        const auto length = walked(text);
        if (length < 3) return false;
        text.remove_prefix(length);
    }
    return text.empty();
}

/// Six or eight digits that are a day in any country's order.
bool is_date(std::string_view text) {
    if ((text.size() != 6 && text.size() != 8) || !std::ranges::all_of(text, is_digit)) return false;
    const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
    const auto is_day = [](int a, int b) { return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31)); };
    if (text.size() == 6) return is_day(number(0), number(2)) || is_day(number(2), number(4));
    const auto is_century = [](int value) { return value == 19 || value == 20; };
    return (is_century(number(4)) && is_day(number(0), number(2))) || (is_century(number(0)) && is_day(number(4), number(6)));
}

/// Well-known words put together: `iloveyou`, `footballking`.
bool is_made_of_words(std::string_view text, int most = 3) {
    if (text.empty()) return true;
    if (most == 0) return false;
    for (std::size_t length = text.size(); length >= 1; --length) {
        if (known_words().contains(text.substr(0, length)) && is_made_of_words(text.substr(length), most - 1)) return true;
    }
    return false;
}

/// What people add because they are told to: a few digits or signs, a year, a run.
bool is_trimming(std::string_view text) {
    if (text.size() <= 6 && std::ranges::count_if(text, is_digit) <= 4) return true;
    return text.size() <= 10 && (is_walk(text) || repeats(text) || is_date(text));
}

struct Core {
    std::string_view before;
    std::string_view text;
    std::string_view after;
};
Core core_of(std::string_view text) {
    const auto begin = std::ranges::find_if(text, is_letter);
    auto end = text.end();
    while (end > begin && !is_letter(*(end - 1))) --end;
    const auto before = static_cast<std::size_t>(begin - text.begin());
    const auto length = static_cast<std::size_t>(end - begin);
    return {text.substr(0, before), text.substr(before, length), text.substr(before + length)};
}

bool is_dressed_word(std::string_view text) {
    const auto [before, core, after] = core_of(text);
    if (core.size() < 3 || !is_trimming(before) || !is_trimming(after)) return false;
    return is_made_of_words(core) || (core.size() >= 4 && repeats(core) && is_made_of_words(core.substr(0, core.size() / 2))) || is_walk(core);
}

bool is_from_address(std::string_view password, std::string_view address) {
    const auto at = address.rfind('@');
    if (address.empty() || at == std::string_view::npos) return false;
    if (password.find(address) != std::string_view::npos) return true;
    const auto domain = address.substr(at + 1);
    const auto [before, core, after] = core_of(password);
    for (const auto part : {address.substr(0, at), domain, domain.substr(0, domain.find('.'))}) {
        if (part.size() < 3) continue;
        if (password == part || (core == part && is_trimming(before) && is_trimming(after))) return true;
        if (password.starts_with(part) && is_trimming(password.substr(part.size()))) return true;
    }
    return false;
}
}  // namespace

bool is_common_password(std::string_view password, std::string_view address) {
    constexpr std::size_t longest_looked_at = 64;
    const auto text = lower(password.substr(0, password.size() > longest_looked_at ? 0 : password.size()));
    if (text.empty()) return false;
    if (repeats(text) || is_walk(text) || is_date(text) || is_from_address(text, lower(address))) return true;
    if (is_dressed_word(text)) return true;
    // Disguised letters inside, digits at the end: both readings count.
    const auto [before, core, after] = core_of(text);
    const auto plain = undisguise(std::string{core});
    return is_dressed_word(undisguise(text)) || (is_trimming(before) && is_trimming(after) && plain.size() >= 3 && is_made_of_words(plain));
}
}  // namespace argon::identity
