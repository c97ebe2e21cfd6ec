# Writes the C++ source for embed_text (embed.cmake).
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(stem ${file} NAME)
  string(REGEX REPLACE "[^a-z0-9]" "_" symbol ${stem})
  file(READ ${file} text)
  string(APPEND entries "extern const std::string_view ${symbol};\nconst std::string_view ${symbol}{R\"~text~(${text})~text~\"};\n")
endforeach()
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace argon::assets::${NAME} {\n${entries}}\n")
