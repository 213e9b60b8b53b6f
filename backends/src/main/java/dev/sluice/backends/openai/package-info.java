/**
 * The adapter for servers with OpenAI's HTTP API: vLLM, SGLang, TensorRT-LLM, llama.cpp, Groq,
 * Cerebras, SambaNova and whoever speaks alike. What is peculiar to one of them is data ({@code
 * presets.yaml}).
 *
 * <p>Promises: always asks for a stream, so that an engine notices when nobody reads any more;
 * shows no answer as whole that the engine did not end with a reason; repeats none of the engine's
 * words in its failures, since they may quote the prompt; takes the engine's address from the
 * configuration alone. A stream is read on the threads of the client, which never wait; what has to
 * wait (embeddings, the text of a chat that is gone on with, load) has a virtual thread.
 *
 * <p>May see: the backend port, {@code backends.text}, Jackson.
 */
@NullMarked
package dev.sluice.backends.openai;

import org.jspecify.annotations.NullMarked;
