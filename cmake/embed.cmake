# embed_sql(<target> <directory> <name>): the directory's *.sql files, in order of their names, as
# `extern const std::span<const argon::pg::Migration> <name>` in namespace argon::migrations.
function(embed_sql target directory name)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${directory}/*.sql)
  list(SORT files)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# embed_text(<target> <directory> <name>): the directory's files as `extern const std::string_view <file>_<extension>` in namespace
# argon::assets::<name>: page.html becomes page_html.
function(embed_text target directory name)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${directory}/*.html ${CMAKE_SOURCE_DIR}/${directory}/*.css ${CMAKE_SOURCE_DIR}/${directory}/*.js)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_assets.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# embed_binary(<target> <file> <namespace> <name>): the file as `extern const std::string_view <name>` in namespace argon::assets::<namespace>.
function(embed_binary target file namespace name)
  set(FILE ${CMAKE_SOURCE_DIR}/${file})
  set(NAMESPACE ${namespace})
  set(NAME ${name})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${namespace}_${name}.cpp)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/embed_binary.cpp.in ${output} @ONLY)
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS ${FILE} SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${output})
endfunction()
