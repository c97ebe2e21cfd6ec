// The body of the lane kernels, for any vector width. Only scrypt_lanes.cpp includes it, and makes a copy for each instruction
// set; everything is forced inline, for only then is it compiled with the instructions its caller may use.
//
// A vector holds one row of the Salsa20 matrix of `Width` passwords, 16 bytes each. Rows are the diagonals of RFC 7914's
// matrix, so that one vector operation is a step of all four quarter rounds. `Groups` such vectors go side by
// side and hide each other's latency. Tables stay apart, since each password reads its own pseudo-random entries.
#pragma once

#include <bit>
#include <cstring>
#include <utility>

#include "crypto/scrypt_lanes.hpp"

namespace argon::crypto {
static_assert(std::endian::native == std::endian::little, "scrypt's words are read in place");

template <std::size_t Width, std::size_t Groups>
class ScryptMix {
public:
    static constexpr std::size_t lanes = Width * Groups;
    static_assert(lanes <= max_scrypt_lanes);

    /// Blocks come and go with their words in diagonal order.
    [[gnu::always_inline]] static void run(ScryptCost cost, const ScryptLane* lane, ScryptScratch& scratch) {
        auto* in = reinterpret_cast<Matrix*>(scratch.bytes[0]);
        auto* out = reinterpret_cast<Matrix*>(scratch.bytes[1]);
        std::uint32_t* entry[lanes];

        for (std::size_t l = 0; l < lanes; ++l) entry[l] = lane[l].block;
        for (std::size_t i = 0; i < 2 * cost.r * Groups; ++i) load(in[i], entry + i % Groups * Width, i / Groups * 16);
        for (std::size_t step = 0; step < cost.n; ++step, std::swap(in, out)) {
            for (std::size_t l = 0; l < lanes; ++l) entry[l] = lane[l].table + step * cost.block_words();
            mix_block<true>(in, out, entry, cost.r);
        }
        for (std::size_t step = 0; step < cost.n; ++step, std::swap(in, out)) {
            for (std::size_t l = 0; l < lanes; ++l) {
                entry[l] = lane[l].table + (integerify(in, l, cost.r) & (cost.n - 1)) * cost.block_words();
            }
            mix_block<false>(in, out, entry, cost.r);
        }
        for (std::size_t l = 0; l < lanes; ++l) entry[l] = lane[l].block;
        for (std::size_t i = 0; i < 2 * cost.r * Groups; ++i) store(in[i], entry + i % Groups * Width, i / Groups * 16);
    }

private:
    using Vector [[gnu::vector_size(16 * Width)]] = std::uint32_t;
    static constexpr std::size_t words = 4 * Width;

    struct Matrix {
        Vector row[4];
    };

    /// BlockMix. On the way through, either stores the input blocks in the table entries or mixes the entries in.
    template <bool Fill>
    [[gnu::always_inline]] static void mix_block(const Matrix* in, Matrix* out, std::uint32_t* const* entry, std::size_t r) {
        Matrix x[Groups];
        for (std::size_t g = 0; g < Groups; ++g) x[g] = in[(2 * r - 1) * Groups + g];
        if constexpr (!Fill) {
            for (std::size_t g = 0; g < Groups; ++g) add_entry(x[g], entry + g * Width, (2 * r - 1) * 16);
        }
        for (std::size_t block = 0; block < 2 * r; ++block) {
            for (std::size_t g = 0; g < Groups; ++g) {
                const Matrix& source = in[block * Groups + g];
                if constexpr (Fill) {
                    store(source, entry + g * Width, block * 16);
                } else {
                    add_entry(x[g], entry + g * Width, block * 16);
                }
                for (int i = 0; i < 4; ++i) x[g].row[i] ^= source.row[i];
            }
            salsa20_8(x);
            Matrix* const to = out + (block / 2 + block % 2 * r) * Groups;  // even blocks first, then the odd ones
            for (std::size_t g = 0; g < Groups; ++g) to[g] = x[g];
        }
    }

    [[gnu::always_inline]] static std::size_t integerify(const Matrix* in, std::size_t lane, std::size_t r) {
        return in[(2 * r - 1) * Groups + lane / Width].row[0][lane % Width * 4];
    }

    [[gnu::always_inline]] static void salsa20_8(Matrix (&x)[Groups]) {
        Matrix start[Groups];
        for (std::size_t g = 0; g < Groups; ++g) start[g] = x[g];
        for (int round = 0; round < 8; round += 2) {
            quarter_rounds<1, 2, 3>(x);
            turn_rows<3, 2, 1>(x);  // columns become rows
            quarter_rounds<3, 2, 1>(x);
            turn_rows<1, 2, 3>(x);
        }
        for (std::size_t g = 0; g < Groups; ++g) {
            for (int i = 0; i < 4; ++i) x[g].row[i] += start[g].row[i];
        }
    }

    template <int B, int C, int D>
    [[gnu::always_inline]] static void quarter_rounds(Matrix (&x)[Groups]) {
        add_rotate_xor<B, 0, D, 7>(x);
        add_rotate_xor<C, B, 0, 9>(x);
        add_rotate_xor<D, C, B, 13>(x);
        add_rotate_xor<0, D, C, 18>(x);
    }

    template <int To, int Left, int Right, int Bits>
    [[gnu::always_inline]] static void add_rotate_xor(Matrix (&x)[Groups]) {
        for (std::size_t g = 0; g < Groups; ++g) {
            const Vector sum = x[g].row[Left] + x[g].row[Right];
            x[g].row[To] ^= (sum << Bits) | (sum >> (32 - Bits));
        }
    }

    template <std::size_t First, std::size_t Second, std::size_t Third>
    [[gnu::always_inline]] static void turn_rows(Matrix (&x)[Groups]) {
        for (std::size_t g = 0; g < Groups; ++g) {
            turn<First>(x[g].row[1]);
            turn<Second>(x[g].row[2]);
            turn<Third>(x[g].row[3]);
        }
    }

    /// Rotates the four words of each password.
    template <std::size_t By, std::size_t... I>
    [[gnu::always_inline]] static void turn(Vector& v, std::index_sequence<I...>) {
        v = __builtin_shufflevector(v, v, ((I / 4 * 4) + (I + By) % 4)...);
    }
    template <std::size_t By>
    [[gnu::always_inline]] static void turn(Vector& v) {
        turn<By>(v, std::make_index_sequence<words>{});
    }

    [[gnu::always_inline]] static void load(Matrix& m, std::uint32_t* const* entry, std::size_t offset) {
        Matrix raw;
        for (std::size_t l = 0; l < Width; ++l) std::memcpy(&raw.row[l * 4 / Width], entry[l] + offset, 64);
        to_rows(m, raw);
    }

    [[gnu::always_inline]] static void store(const Matrix& m, std::uint32_t* const* entry, std::size_t offset) {
        Matrix raw;
        to_passwords(raw, m);
        for (std::size_t l = 0; l < Width; ++l) std::memcpy(entry[l] + offset, &raw.row[l * 4 / Width], 64);
    }

    [[gnu::always_inline]] static void add_entry(Matrix& m, std::uint32_t* const* entry, std::size_t offset) {
        Matrix rows;
        load(rows, entry, offset);
        for (int i = 0; i < 4; ++i) m.row[i] ^= rows.row[i];
    }

    /// From one password after the other to one row after the other.
    [[gnu::always_inline]] static void to_rows(Matrix& rows, const Matrix& raw) {
        if constexpr (Width == 1) {
            rows = raw;
        } else if constexpr (Width == 2) {
            every_other<0>(rows.row[0], raw.row[0], raw.row[2]);
            every_other<1>(rows.row[1], raw.row[0], raw.row[2]);
            every_other<0>(rows.row[2], raw.row[1], raw.row[3]);
            every_other<1>(rows.row[3], raw.row[1], raw.row[3]);
        } else {
            transpose(rows, raw);
        }
    }

    [[gnu::always_inline]] static void to_passwords(Matrix& raw, const Matrix& rows) {
        if constexpr (Width == 1) {
            raw = rows;
        } else if constexpr (Width == 2) {
            every_other<0>(raw.row[0], rows.row[0], rows.row[1]);
            every_other<0>(raw.row[1], rows.row[2], rows.row[3]);
            every_other<1>(raw.row[2], rows.row[0], rows.row[1]);
            every_other<1>(raw.row[3], rows.row[2], rows.row[3]);
        } else {
            transpose(raw, rows);
        }
    }

    /// Four passwords in four vectors: a square of 16-byte pieces, and its own inverse.
    [[gnu::always_inline]] static void transpose(Matrix& to, const Matrix& from) {
        Vector low[2], high[2];
        for (int i = 0; i < 2; ++i) {
            half<0>(low[i], from.row[2 * i], from.row[2 * i + 1]);
            half<1>(high[i], from.row[2 * i], from.row[2 * i + 1]);
        }
        every_other<0>(to.row[0], low[0], low[1]);
        every_other<1>(to.row[1], low[0], low[1]);
        every_other<0>(to.row[2], high[0], high[1]);
        every_other<1>(to.row[3], high[0], high[1]);
    }

    /// Of the 16-byte pieces of `a` and then `b`: the even or the odd ones.
    template <std::size_t Odd>
    [[gnu::always_inline]] static void every_other(Vector& to, const Vector& a, const Vector& b) {
        every_other<Odd>(to, a, b, std::make_index_sequence<words>{});
    }
    template <std::size_t Odd, std::size_t... I>
    [[gnu::always_inline]] static void every_other(Vector& to, const Vector& a, const Vector& b, std::index_sequence<I...>) {
        to = __builtin_shufflevector(a, b, (I / 4 * 8 + Odd * 4 + I % 4)...);
    }

    /// The first or second halves of `a` and then `b`.
    template <std::size_t Second>
    [[gnu::always_inline]] static void half(Vector& to, const Vector& a, const Vector& b) {
        half<Second>(to, a, b, std::make_index_sequence<words / 2>{});
    }
    template <std::size_t Second, std::size_t... I>
    [[gnu::always_inline]] static void half(Vector& to, const Vector& a, const Vector& b, std::index_sequence<I...>) {
        constexpr std::size_t start = Second * words / 2;
        to = __builtin_shufflevector(a, b, (start + I)..., (words + start + I)...);
    }
};
}  // namespace argon::crypto
