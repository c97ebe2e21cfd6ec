# Writes the C++ source for embed_text (embed.cmake).
file(READ ${FILE} text)
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace argon::assets {\nextern const std::string_view ${NAME};\nconst std::string_view ${NAME}{R\"~text~(${text})~text~\"};\n}  // namespace argon::assets\n")
