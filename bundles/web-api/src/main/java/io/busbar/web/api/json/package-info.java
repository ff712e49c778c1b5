/**
 * JSON both ways: strict reading that names every mistake, and writing of the shapes that the API
 * document describes.
 */
@NullMarked
package io.busbar.web.api.json;

import org.jspecify.annotations.NullMarked;
