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

# embed_text(<target> <file> <name>): the file as `extern const std::string_view <name>` in namespace argon::assets.
function(embed_text target file name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/asset_${name}.cpp)
  set(source ${CMAKE_SOURCE_DIR}/${file})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} -DFILE=${source} -P ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
